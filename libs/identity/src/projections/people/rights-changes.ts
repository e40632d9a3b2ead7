import type { PersonEvent } from '../../domain/person/events.js';
import type { Happened } from './people-changes.js';

interface EndedRight {
  readonly person: string;
  readonly role: string;
  readonly to_position: string;
  readonly to_at: string;
}

interface GrantedRight {
  readonly person: string;
  readonly role: string;
  readonly from_position: string;
  readonly from_at: string;
  readonly to_position: string | null;
  readonly to_at: string | null;
}

/** Folds events into the rights that they grant and end. */
export class RightsChanges {
  private readonly endedByKey = new Map<string, EndedRight>();
  /** May have ended again by a later one of the events. */
  readonly granted: GrantedRight[] = [];
  private readonly held = new Map<string, GrantedRight>();

  /** Of those that were held before these events. */
  get ended(): readonly EndedRight[] {
    return [...this.endedByKey.values()];
  }

  take(person: string, event: PersonEvent, happened: Happened): void {
    if (event.type === 'RoleGranted' || event.type === 'RoleRevoked') {
      const { old, new: now } = event.data;
      for (const role of old) if (!now.includes(role)) this.end(person, role, happened);
      for (const role of now) if (!old.includes(role)) this.grant(person, role, happened);
    }
    if (event.type === 'PersonDisabled')
      for (const role of event.data.roles) this.end(person, role, happened);
  }

  private grant(person: string, role: string, { position, at }: Happened): void {
    const right = { person, role, from_position: position, from_at: at, to_position: null, to_at: null };
    this.granted.push(right);
    this.held.set(`${person} ${role}`, right);
  }

  private end(person: string, role: string, { position, at }: Happened): void {
    const key = `${person} ${role}`;
    const held = this.held.get(key);
    this.held.delete(key);
    if (held) Object.assign(held, { to_position: position, to_at: at });
    // The first of them ends the row that was there; there is none for another to end.
    else if (!this.endedByKey.has(key))
      this.endedByKey.set(key, { person, role, to_position: position, to_at: at });
  }
}
