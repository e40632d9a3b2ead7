import { heldRoleParts, type EventEnvelope } from '#kernel';
import { domainEvent, type StreamWriter } from '#platform/decide-and-append';
import type { PersonEvent } from './domain/person/events.js';
import { person, personStream } from './domain/person/person.js';
import type { TokenEvent } from './domain/token/events.js';
import { token } from './domain/token/token.js';

/** The events after which somebody may do more than before: an account, a role, a token. */
export const GAINS: readonly string[] = ['PersonEnrolled', 'RoleGranted', 'TokenIssued'];
/** The events after which somebody may do less. */
export const LOSSES: readonly string[] = ['PersonDisabled', 'RoleRevoked', 'TokenRevoked'];

const PERSON = personStream('');

/** Who may do what more since an event of {@link GAINS}: for a sentence. The person is read from their stream. @returns undefined for any other event */
export async function gainedRight(
  streams: Pick<StreamWriter, 'load'>,
  envelope: EventEnvelope,
): Promise<string | undefined> {
  switch (envelope.type) {
    case 'PersonEnrolled':
    case 'RoleGranted': {
      const event = domainEvent<PersonEvent>(person, envelope);
      const who = await loginOf(streams, envelope.stream.slice(PERSON.length));
      if (event.type !== 'RoleGranted') return `${who} was enrolled`;
      const { role, ring } = heldRoleParts(event.data.role);
      return `${who} was given the role ${role} in ${ring === null ? 'every ring' : `the ring ${ring}`}`;
    }
    case 'TokenIssued': {
      const event = domainEvent<TokenEvent>(token, envelope);
      return event.type === 'TokenIssued'
        ? `${event.data.owner.name} made the token ${event.data.name}`
        : undefined;
    }
    default:
      return undefined;
  }
}

async function loginOf(streams: Pick<StreamWriter, 'load'>, id: string): Promise<string> {
  const { state } = await streams.load(person, personStream(id));
  return state.status === 'unknown' ? id : state.login;
}
