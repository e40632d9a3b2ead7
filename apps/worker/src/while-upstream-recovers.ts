import { setTimeout as pause } from 'node:timers/promises';
import { UpstreamError } from '#upstream/published';

/** Milliseconds. */
export interface Patience {
  /** Before the second, third, … try. */
  readonly pauses: readonly number[];
  /** No try begins later than this after the first. */
  readonly atMost: number;
}

/** Long enough for a store that restarts, short enough for somebody who waits for the answer. */
export const USUAL_PATIENCE: Patience = { pauses: [500, 1_000, 2_000, 4_000, 8_000], atMost: 20_000 };

/**
 * Tries again what failed for a reason of upstream's that may pass, and not before upstream wants to be asked again.
 * @throws the last try's error; what `signal` was aborted with, whatever else that made fail
 */
export async function whileUpstreamRecovers<Result>(
  attempt: () => Promise<Result>,
  patience: Patience,
  signal: AbortSignal,
): Promise<Result> {
  const began = performance.now();
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const usual = patience.pauses[tries];
      if (!(error instanceof UpstreamError) || !error.transient || usual === undefined) throw error;
      const wait = Math.max(usual, error.retryAfterMs ?? 0);
      if (performance.now() - began + wait > patience.atMost) throw error;
      await pause(wait, undefined, { signal });
    }
  }
}
