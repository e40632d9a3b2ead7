import { Injectable } from '@nestjs/common';
import type { StreamWriter } from '#platform/decide-and-append';
import type { HeldRole } from './domain/roles.js';
import { rolesNow } from './domain/person/roles-now.js';
import { People } from './people.js';

export interface Held {
  /** None for who is disabled, or has no password yet, or is unknown. */
  readonly roles: readonly HeldRole[];
  /** How often the person was reset: what was proved with credentials from before the last time may have been somebody else's act (R24). */
  readonly resets: number;
}

/** What persons may do at this moment, for whoever counts on what they did before. */
@Injectable()
export class RolesHeld {
  constructor(private readonly people: People) {}

  /** Where nothing is injected: as the streams have it. */
  static of(streams: StreamWriter): RolesHeld {
    return new RolesHeld(new People(streams));
  }

  /** @returns by person id, each that was asked for */
  async by(ids: Iterable<string>): Promise<ReadonlyMap<string, Held>> {
    const held = new Map<string, Held>();
    for (const id of new Set(ids)) held.set(id, await this.of(id));
    return held;
  }

  private async of(id: string): Promise<Held> {
    const person = await this.people.load(id);
    return {
      roles: rolesNow(person),
      resets: person.status === 'unknown' ? 0 : person.resets,
    };
  }
}
