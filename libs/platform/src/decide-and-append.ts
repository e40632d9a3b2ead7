import {
  decodeEvent,
  encodeEvent,
  NO_LINKED_ACCOUNTS,
  type CommandContext,
  type DomainEvent,
  type EventEnvelope,
  type LinkedAccounts,
  type Timed,
} from '#kernel';
import { FoldedStates, type Folded } from './folded-states.js';
import { EventStoreError, NO_STREAM, type EventStore } from '#event-store/port';
import { asDecided, type Decided } from './as-decided.js';
import { appendedBeside, givenCommand, givenFor, noteBeside, showRevision } from './given-command.js';
import { envelopesOf } from './envelopes.js';
import { requireItsPlace } from './its-place.js';
import { domainEvent, evolved, type Folding, type StreamKind } from './stream-kind.js';
import type { ReadLinkedAccounts } from './read-linked-accounts.js';
import { requireRevision } from './revisions/stale-revision.js';

export type { Decided } from './as-decided.js';
export { domainEvent, type StreamKind } from './stream-kind.js';
export type { ReadLinkedAccounts } from './read-linked-accounts.js';

/** Decoded events that are held before they are folded: a long stream need not be in memory whole. */
const FOLDED_AT_ONCE = 1_000;

/** A conflict means that somebody else decided first: load again, decide again. More often than this, something is wrong. */
export const ATTEMPTS = 10;

/**
 * The way every command takes: load the stream, fold it, decide, append at the revision that was loaded. One command, one append.
 * @throws what `decide` throws; EventStoreError
 */
export class StreamWriter {
  private readonly folded = new FoldedStates();

  constructor(
    private readonly store: EventStore,
    /** IANA name of the site's zone, stamped on each event. */
    private readonly zone: string,
    /** Every decision is told of it, so that no door can forget to ask (R27). Absent where no people decide. */
    private readonly readLinkedAccounts?: ReadLinkedAccounts,
  ) {}

  /** What devices and upstream make happen is much, and of nobody: it is not asked for there. */
  private async linkedFor(
    { countsPersons }: { readonly countsPersons?: true },
    { context: { actor } }: { readonly context: CommandContext },
    asOf?: string,
  ): Promise<LinkedAccounts> {
    return actor.kind === 'person' || countsPersons ? this.linkedAccounts(asOf) : NO_LINKED_ACCOUNTS;
  }

  /** Which accounts are of one person. @param asOf RFC 3339: as it was known then; absent: now */
  async linkedAccounts(asOf?: string): Promise<LinkedAccounts> {
    return (await this.readLinkedAccounts?.(this, asOf)) ?? NO_LINKED_ACCOUNTS;
  }

  async decideAndAppend<
    Command extends { readonly context: CommandContext },
    Event extends DomainEvent,
    State,
  >(
    kind: StreamKind<Command, Event, State>,
    stream: string,
    command: Command,
  ): Promise<Decided<Event, State>> {
    return this.decide(kind, stream, command, { reserves: false });
  }

  /**
   * The same at one revision alone: what was decided with was read there, also of other streams. Once the stream has gone on, nothing is decided.
   * @throws EventStoreError `wrong-expected-revision`
   */
  async decideAndAppendAt<
    Command extends { readonly context: CommandContext },
    Event extends DomainEvent,
    State,
  >(
    kind: StreamKind<Command, Event, State>,
    stream: string,
    command: Command,
    at: bigint,
  ): Promise<Decided<Event, State>> {
    return this.decide(kind, stream, command, { reserves: false, at });
  }

  /**
   * The same of what a command reserves for its record, such as a login: it is no record that somebody looked at, so `If-Match` is not of it. That the command's own record is what it names is asked
   * before, by {@link requireMatch}.
   * @param at as of {@link decideAndAppendAt}; absent: wherever the stream is
   */
  async reserve<Command extends { readonly context: CommandContext }, Event extends DomainEvent, State>(
    kind: StreamKind<Command, Event, State>,
    stream: string,
    command: Command,
    at?: bigint,
  ): Promise<Decided<Event, State>> {
    return this.decide(kind, stream, command, { reserves: true, at });
  }

  /** What a command would be decided as on a state, appending nothing: for who reserves something for it only where it is not refused anyway. @throws what `decide` throws */
  async foresee<Command extends { readonly context: CommandContext }, Event extends DomainEvent, State>(
    kind: StreamKind<Command, Event, State>,
    state: State,
    command: Command,
  ): Promise<readonly Event[]> {
    const linked = await this.linkedFor(kind, command);
    return kind.decide({ ...command, context: { ...command.context, linked } }, state);
  }

  /** That a record is at the revision that its command's `If-Match` names; it is asked again where the command is decided. @throws StaleRevision */
  async requireMatch<Event extends DomainEvent, State>(
    kind: Folding<Event, State>,
    stream: string,
    { cause }: CommandContext,
  ): Promise<void> {
    const given = givenCommand();
    if (given?.id !== cause || given.done || !given.ifMatch) return;
    const { revision } = await this.load(kind, stream);
    await requireRevision(this.store, { stream, revision }, given.ifMatch, appendedBeside(stream));
  }

  private async decide<
    Command extends { readonly context: CommandContext },
    Event extends DomainEvent,
    State,
  >(
    kind: StreamKind<Command, Event, State>,
    stream: string,
    command: Command,
    { reserves, at: only }: { readonly reserves: boolean; readonly at?: bigint | undefined },
  ): Promise<Decided<Event, State>> {
    const given = givenFor(command.context.cause);
    if (given?.done)
      return asDecided(kind, { store: this.store, stream, done: given.done }, command, (at) =>
        this.linkedFor(kind, command, at),
      );
    for (let attempt = 1; ; attempt++) {
      const { state, revision } = await this.load(kind, stream);
      if (given?.ifMatch && !reserves)
        await requireRevision(this.store, { stream, revision }, given.ifMatch, appendedBeside(stream));
      if (only !== undefined && only !== revision)
        throw new EventStoreError('wrong-expected-revision', `${stream} is at ${revision}, not at ${only}`);
      const events = await this.foresee(kind, state, command);
      if (given && !reserves) given.revision = revision + BigInt(events.length);
      if (events.length === 0) return { state, events, eventIds: [], cursor: null };
      const envelopes = envelopesOf(events, {
        kind,
        stream,
        revision,
        context: command.context,
        zone: this.zone,
      });
      try {
        const appended = await this.store.append(
          stream,
          revision,
          envelopes.map((envelope) => ({
            id: envelope.id,
            type: envelope.type,
            bytes: encodeEvent(envelope),
          })),
        );
        if (!given) noteBeside(stream, events.length);
        const next = evolved(kind, state, events);
        this.folded.set(kind, stream, { state: next, revision: revision + BigInt(events.length) });
        return {
          state: next,
          events,
          eventIds: envelopes.map((envelope) => envelope.id),
          cursor: appended.cursor,
        };
      } catch (error) {
        const conflict = error instanceof EventStoreError && error.code === 'wrong-expected-revision';
        if (!conflict || only !== undefined || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Says which revision an answer shows that was made from a read model: the stream's, unless it goes further than the answer's newest event. @param newest the event's id */
  async showRevisionOf<Event extends DomainEvent, State>(
    kind: Folding<Event, State>,
    stream: string,
    newest: string,
  ): Promise<void> {
    const { revision } = await this.load(kind, stream);
    let last: string | undefined;
    for await (const { id } of this.store.readStream(stream, revision)) last = id;
    if (last === newest) showRevision(revision);
  }

  /** A stream's events from number `from` on, oldest first: for what no state holds. */
  readonly readStream = (stream: string, from: bigint) => this.store.readStream(stream, from);

  /** The newest event of these types in a stream; undefined: there is none. */
  async newest(stream: string, ...types: readonly string[]): Promise<EventEnvelope | undefined> {
    let found: EventEnvelope | undefined;
    for await (const { bytes } of this.store.readStream(stream)) {
      const envelope = decodeEvent(bytes);
      if (types.includes(envelope.type)) found = envelope;
    }
    return found;
  }

  /** A stream's state and the number of its newest event (-1n when there is none). */
  load<Event extends DomainEvent, State>(
    kind: Folding<Event, State>,
    stream: string,
  ): Promise<Folded<State>> {
    return this.foldStream(kind, stream, (envelope) => domainEvent(kind, envelope));
  }

  /** As {@link load}, for who asks when something happened. */
  loadTimed<Event extends DomainEvent, State>(
    kind: Folding<Timed<Event>, State>,
    stream: string,
  ): Promise<Folded<State>> {
    return this.foldStream(kind, stream, (envelope) => ({
      ...domainEvent<Timed<Event>>(kind, envelope),
      at: envelope.at,
    }));
  }

  private async foldStream<Event extends DomainEvent, State>(
    kind: Folding<Event, State>,
    stream: string,
    eventOf: (envelope: EventEnvelope) => Event,
  ): Promise<Folded<State>> {
    const known = this.folded.get<State>(kind, stream);
    let { state, revision } = known ?? { state: kind.initialState, revision: NO_STREAM };
    let events: Event[] = [];
    for await (const stored of this.store.readStream(stream, revision + 1n)) {
      const envelope = decodeEvent(stored.bytes);
      requireItsPlace(envelope, stream, { stored: stored.streamRevision, next: revision + 1n });
      events.push(eventOf(envelope));
      revision = stored.streamRevision;
      if (events.length < FOLDED_AT_ONCE) continue;
      state = evolved(kind, state, events);
      events = [];
    }
    state = evolved(kind, state, events);
    if (revision !== known?.revision) this.folded.set(kind, stream, { state, revision });
    return { state, revision };
  }
}
