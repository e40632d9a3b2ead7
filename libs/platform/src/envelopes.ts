import {
  uuidv7,
  zoneOffset,
  type CommandContext,
  type DomainEvent,
  type EventEnvelope,
  type JsonValue,
} from '#kernel';

/** A decider's events with the current version of each. */
interface Versioned<Event extends DomainEvent> {
  readonly versions: { readonly [Type in Event['type']]: number };
}

/** Where events are appended, and what they say of the command beside their data. */
interface Appending<Event extends DomainEvent> {
  readonly kind: Versioned<Event>;
  readonly stream: string;
  /** Of the stream's newest event before them; -1n for none. */
  readonly revision: bigint;
  readonly context: CommandContext;
  /** IANA name of the site's zone. */
  readonly zone: string;
}

/** The events of one append, as they are recorded. */
export function envelopesOf<Event extends DomainEvent>(
  events: readonly Event[],
  { kind, stream, revision, context, zone }: Appending<Event>,
): EventEnvelope[] {
  return events.map((event, i) => ({
    id: uuidv7(),
    type: event.type,
    v: kind.versions[event.type as Event['type']],
    stream,
    streamRevision: String(revision + 1n + BigInt(i)),
    part: [i + 1, events.length],
    at: context.at,
    zone,
    offset: zoneOffset(context.at, zone),
    actor: context.actor,
    authorisedBy: context.authorisedBy,
    reason: context.reason,
    cause: context.cause,
    correlation: context.correlation,
    data: event.data as JsonValue,
  }));
}
