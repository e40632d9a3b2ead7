import type { Delta, WantedDelta } from './delta.js';

/** Upstream makes deltas when it finds time, and its addresses of them may end. */
const ANSWER_GOOD_FOR_MS = 60 * 60 * 1000;
/** After it could not be asked: a fleet must not wait for it at each look. */
const FAILURE_GOOD_FOR_MS = 60 * 1000;
const MOST = 10_000;

interface Known {
  readonly delta: Delta | undefined;
  readonly until: number;
}

/** What upstream said of deltas, for a while: a fleet that goes from one revision to another asks for one. */
export class DeltaShelf {
  private readonly known = new Map<string, Known>();

  /** @param now milliseconds since the epoch @returns undefined when upstream must be asked; else what it said, which may be that there is none */
  recall(wanted: WantedDelta, now: number): { readonly delta: Delta | undefined } | undefined {
    const known = this.known.get(nameOf(wanted));
    return known && now < known.until ? known : undefined;
  }

  /** @param delta `failed`: upstream could not be asked */
  remember(wanted: WantedDelta, delta: Delta | 'failed' | undefined, now: number): void {
    if (this.known.size >= MOST) this.known.clear();
    const failed = delta === 'failed';
    const until = now + (failed ? FAILURE_GOOD_FOR_MS : ANSWER_GOOD_FOR_MS);
    this.known.set(nameOf(wanted), { delta: failed ? undefined : delta, until });
  }
}

function nameOf({ snapId, source, target, sha3_384, formats }: WantedDelta): string {
  return JSON.stringify([snapId, source, target, sha3_384, formats]);
}
