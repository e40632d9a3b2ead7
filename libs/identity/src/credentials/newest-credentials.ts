import type { EventEnvelope } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import { credentialNamedBy } from '../domain/person/credential-named-by.js';
import type { PersonEvent } from '../domain/person/events.js';
import { person, personStream } from '../domain/person/person.js';

const PREFIX = personStream('');

/** Of the people in some events, the newest credential that these name, by the person's id. Other streams are passed over. */
export class NewestCredentials {
  private readonly ids = new Map<string, string>();

  take(envelope: EventEnvelope): void {
    if (!envelope.stream.startsWith(PREFIX)) return;
    const credential = credentialNamedBy(domainEvent<PersonEvent>(person, envelope));
    if (credential) this.ids.set(envelope.stream.slice(PREFIX.length), credential.id);
  }

  /** [person's id, credential's id], in the order in which the people first came. */
  entries(): [string, string][] {
    return [...this.ids];
  }
}
