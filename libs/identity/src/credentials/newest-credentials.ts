import type { EventEnvelope } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import { credentialsAfter, type CredentialsNamed } from '../domain/person/credentials-named.js';
import type { PersonEvent } from '../domain/person/events.js';
import { person, personStream } from '../domain/person/person.js';

const PREFIX = personStream('');
const NONE: CredentialsNamed = { first: null, second: null };

/** Of the people in some events, the newest credentials that these name, by the person's id. Other streams are passed over. */
export class NewestCredentials {
  private readonly named = new Map<string, CredentialsNamed>();

  take(envelope: EventEnvelope): void {
    if (!envelope.stream.startsWith(PREFIX)) return;
    const id = envelope.stream.slice(PREFIX.length);
    const before = this.named.get(id) ?? NONE;
    const after = credentialsAfter(domainEvent<PersonEvent>(person, envelope), before);
    if (after !== before) this.named.set(id, after);
  }

  /** [person's id, credential's id], in the order in which the people first came; of who has two, both. */
  entries(): [string, string][] {
    return [...this.named].flatMap(([person, { first, second }]) =>
      [first, second].flatMap((id): [string, string][] => (id === null ? [] : [[person, id]])),
    );
  }
}
