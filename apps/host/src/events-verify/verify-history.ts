import { canonicalJson, decodeEvent, isAsHeld, type EventEnvelope, type JsonValue } from '#kernel';
import type { EventStore } from '#event-store/port';
import { FoldedStates } from '#platform/folded-states';
import { kindOf } from './replayed-kinds.js';
import type { ReplayedKind } from './replayed-kind.js';

/** Where an event says that something was before it which was not, or does not follow from what was. */
interface Contradiction {
  readonly position: bigint;
  readonly type: string;
  readonly stream: string;
  /** A sentence: which field, what it says, and what the events before it lead to. */
  readonly what: string;
}

export interface ReplayedHistory {
  readonly events: bigint;
  /** How many of them say what was before them. */
  readonly stating: bigint;
  /** The first {@link MOST_SHOWN}, in the order of positions. */
  readonly contradictions: readonly Contradiction[];
  readonly count: number;
}

export const MOST_SHOWN = 20;

/** Of a value; the event has the whole of it. */
const MOST_CHARACTERS = 300;

/**
 * Replays the whole history, and holds what each event says was before it against what the events before it in its stream lead to (R03). Only the streams that
 * were looked at last are held folded: of another one the events before are read again.
 * @throws Error for an event of a later release; KernelError `malformed-event`; EventStoreError
 */
export async function verifyHistory(store: EventStore): Promise<ReplayedHistory> {
  const replay = new Replay(store);
  for await (const { events } of store.readAll(null))
    for (const { bytes } of events) await replay.take(decodeEvent(bytes));
  return replay.result();
}

class Replay {
  private position = 0n;
  private stating = 0n;
  private count = 0;
  private readonly contradictions: Contradiction[] = [];
  private readonly folded = new FoldedStates();
  /** Streams with an event that does not follow: nothing can be said of what comes after it. */
  private readonly broken = new Set<string>();

  constructor(private readonly store: EventStore) {}

  result(): ReplayedHistory {
    const { stating, contradictions, count } = this;
    return { events: this.position, stating, contradictions, count };
  }

  async take(envelope: EventEnvelope): Promise<void> {
    const { stream, streamRevision } = envelope;
    const kind = kindOf(stream);
    if (!this.broken.has(stream)) {
      const revision = BigInt(streamRevision);
      const state = await this.stateBefore(kind, stream, revision);
      this.compare(kind, state, envelope);
      try {
        this.folded.set(kind, stream, { state: kind.evolve(state, envelope), revision });
      } catch (error) {
        this.broken.add(stream);
        this.contradicts(envelope, `does not follow from the events before it: ${(error as Error).message}`);
      }
    }
    this.position++;
  }

  private compare(kind: ReplayedKind, state: unknown, envelope: EventEnvelope): void {
    const stated = kind.stated(state, envelope);
    if (kind.says[envelope.type] === 'what-was-before') this.stating++;
    for (const each of stated.filter((one) => !isAsHeld(one))) {
      const field = ['data', each.field].filter(Boolean).join('.');
      this.contradicts(
        envelope,
        `${field} says ${shown(each.stated)}, and the events before it lead to ${shown(each.held)}`,
      );
    }
  }

  private contradicts({ type, stream }: EventEnvelope, what: string): void {
    this.count++;
    if (this.contradictions.length < MOST_SHOWN)
      this.contradictions.push({ position: this.position, type, stream, what });
  }

  private async stateBefore(kind: ReplayedKind, stream: string, revision: bigint): Promise<unknown> {
    const known = this.folded.get(kind, stream);
    if (known?.revision === revision - 1n) return known.state;
    let state = kind.initialState;
    for await (const { streamRevision, bytes } of this.store.readStream(stream)) {
      if (streamRevision >= revision) break;
      state = kind.evolve(state, decodeEvent(bytes));
    }
    return state;
  }
}

function shown(value: JsonValue): string {
  const text = canonicalJson(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
