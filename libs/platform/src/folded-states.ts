/** A stream folded up to and including an event. */
export interface Folded<State> {
  readonly state: State;
  /** -1n before the first event. */
  readonly revision: bigint;
}

/** How many streams of a kind are remembered: the least recently used one is forgotten. */
const MOST = 1_000;

/**
 * Remembers how far streams were folded, so that loading one reads only what came since. Streams are append-only and states immutable:
 * what is remembered can be behind, never wrong.
 */
export class FoldedStates {
  // By the kind itself: two kinds may read the same stream, each with a state of its own.
  private readonly byKind = new Map<object, Map<string, Folded<unknown>>>();

  get<State>(kind: object, stream: string): Folded<State> | undefined {
    const states = this.byKind.get(kind);
    const folded = states?.get(stream);
    if (!states || !folded) return undefined;
    states.delete(stream);
    states.set(stream, folded);
    return folded as Folded<State>;
  }

  set<State>(kind: object, stream: string, folded: Folded<State>): void {
    const states = this.byKind.get(kind) ?? new Map<string, Folded<unknown>>();
    this.byKind.set(kind, states);
    states.delete(stream);
    states.set(stream, folded);
    if (states.size <= MOST) return;
    const [oldest] = states.keys();
    if (oldest !== undefined) states.delete(oldest);
  }
}
