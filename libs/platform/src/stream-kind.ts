import {
  canonicalJson,
  type CommandContext,
  type Decider,
  type DomainEvent,
  type EventEnvelope,
  type JsonValue,
} from '#kernel';

/** A decider with the current version of each of its events' data. */
export interface StreamKind<
  Command extends { readonly context: CommandContext },
  Event extends DomainEvent,
  State,
> extends Decider<Command, Event, State> {
  readonly versions: { readonly [Type in Event['type']]: number };
  /** Also what no person commands hangs on who is who: such as whether what persons signed still counts when the worker goes on with it. */
  readonly countsPersons?: true;
  /** As `evolve` for one event after the other, where that would copy a large state for each. */
  evolveAll?(state: State, events: readonly Event[]): State;
}

/** What folds a stream and decides nothing. */
export type Folding<Event extends DomainEvent, State> = Pick<
  StreamKind<never, Event, State>,
  'initialState' | 'evolve' | 'evolveAll' | 'versions'
>;

/** A state after these events, one after the other. */
export function evolved<Event extends DomainEvent, State>(
  kind: Pick<Folding<Event, State>, 'evolve' | 'evolveAll'>,
  state: State,
  events: readonly Event[],
): State {
  if (events.length === 0) return state;
  if (kind.evolveAll) return kind.evolveAll(state, events);
  return events.reduce((folded, event) => kind.evolve(folded, event), state);
}

/**
 * The domain's view of an envelope. An event of a type or version that this release doesn't know was written by a later one:
 * deciding without it would be deciding blind.
 */
export function domainEvent<Event extends DomainEvent>(
  kind: { readonly versions: { readonly [Type in Event['type']]: number } },
  envelope: EventEnvelope,
): Event {
  const known: number | undefined = (kind.versions as Record<string, number>)[envelope.type];
  if (known === undefined || envelope.v > known) {
    throw new Error(
      `${envelope.type} version ${envelope.v} in ${envelope.stream} is not known to this release; run the release that wrote it, or a later one`,
    );
  }
  return { type: envelope.type, data: envelope.data } as Event;
}

/** For comparing. What an event does not hold, such as a member that is undefined, is not compared. */
export function textOf(events: readonly DomainEvent[]): string {
  return canonicalJson(JSON.parse(JSON.stringify(events)) as JsonValue);
}
