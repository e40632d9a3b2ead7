import { decodeEvent, type CommandContext, type DomainEvent, type LinkedAccounts } from '#kernel';
import type { Cursor, EventStore, StoredAppend } from '#event-store/port';
import { showRevision } from './given-command.js';
import { HttpError } from './http/errors.js';
import { domainEvent, evolved, textOf, type StreamKind } from './stream-kind.js';

export interface Decided<Event, State> {
  readonly state: State;
  /** What this command added; empty when its cause had been handled before. */
  readonly events: readonly Event[];
  /** The ids of those events, in the same order. */
  readonly eventIds: readonly string[];
  /** Where a reader must be to see them; null when nothing was appended. */
  readonly cursor: Cursor | null;
}

/** What a command appended when it was given before, and where. */
interface Done {
  readonly store: EventStore;
  readonly stream: string;
  readonly done: readonly StoredAppend[];
}

/**
 * What a command that was carried out before decided then, and the state that it led to. It is decided once more, on the state and at the time of then: whoever gets anything else
 * by it, since an id or a secret was drawn anew, must not answer with that.
 * @param linkedAt what the command is told of linked accounts, as of a time
 * @throws HttpError `answer-lost` where it does not come to the same, or that was in another stream; what `decide` throws
 */
export async function asDecided<
  Command extends { readonly context: CommandContext },
  Event extends DomainEvent,
  State,
>(
  kind: StreamKind<Command, Event, State>,
  { store, stream, done }: Done,
  command: Command,
  linkedAt: (at: string) => Promise<LinkedAccounts>,
): Promise<Decided<Event, State>> {
  const append = done.find((each) => each.stream === stream);
  const [first, last] = [append?.events[0], append?.events.at(-1)];
  if (!append || !first || !last)
    throw new HttpError('answer-lost', `nothing was appended to ${stream} by this command`);
  const before: Event[] = [];
  for await (const { streamRevision, bytes } of store.readStream(stream)) {
    if (streamRevision >= first.streamRevision) break;
    before.push(domainEvent(kind, decodeEvent(bytes)));
  }
  const state = evolved(kind, kind.initialState, before);
  const events = append.events.map(({ bytes }) => domainEvent<Event>(kind, decodeEvent(bytes)));
  const { at } = decodeEvent(first.bytes);
  const linked = await linkedAt(at);
  const again = kind.decide({ ...command, context: { ...command.context, at, linked } }, state);
  if (textOf(again) !== textOf(events))
    throw new HttpError('answer-lost', `it would be decided otherwise now than it was in ${stream}`);
  showRevision(last.streamRevision);
  return {
    state: evolved(kind, state, events),
    events,
    eventIds: append.events.map(({ id }) => id),
    cursor: append.cursor,
  };
}
