import { Injectable } from '@nestjs/common';
import type { Role } from './domain/roles.js';
import { People } from './people.js';

/** What persons may do at this moment, for whoever counts on what they did before. */
@Injectable()
export class RolesHeld {
  constructor(private readonly people: People) {}

  /** @returns by person id, each that was asked for: no role for who is disabled, or has no password yet, or is unknown */
  async by(ids: Iterable<string>): Promise<ReadonlyMap<string, readonly Role[]>> {
    const held = new Map<string, readonly Role[]>();
    for (const id of new Set(ids)) {
      const person = await this.people.load(id);
      held.set(id, person.status === 'active' ? person.roles : []);
    }
    return held;
  }
}
