import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** A decider with the current version of each of its events' data. */
export interface StreamKind<
  Command extends { readonly context: CommandContext },
  Event extends DomainEvent,
  State,
> extends Decider<Command, Event, State> {
  readonly versions: { readonly [Type in Event['type']]: number };
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
