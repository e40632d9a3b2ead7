/** What a decider emits: a named fact. The envelope (who, when, why) is put around it by the command's handler. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** An event, and when it was recorded: RFC 3339, UTC. */
export type Timed<Event extends DomainEvent> = Event & { readonly at: string };

/**
 * The rules of one kind of stream. Pure: time, actor and ids arrive with the command; nothing is read, nothing is awaited.
 * `decide` answers with no events when the command's cause was handled already; that is where idempotency lives.
 */
export interface Decider<Command, Event extends DomainEvent, State> {
  readonly initialState: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** Folds a history into the state that the next decision sees. */
export function fold<Event extends DomainEvent, State>(
  decider: Pick<Decider<never, Event, State>, 'evolve' | 'initialState'>,
  history: Iterable<Event>,
): State {
  let state = decider.initialState;
  for (const event of history) state = decider.evolve(state, event);
  return state;
}
