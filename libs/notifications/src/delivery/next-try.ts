import type { Outcome } from './transport.js';

/** Of the message at hand, which was not taken yet. Times: RFC 3339, UTC. */
export interface Trying {
  readonly since: string;
  readonly attempts: number;
  /** How often it was refused in a row, up to now. */
  readonly refusals: number;
  readonly nextAt: string;
  readonly why: string;
}

export interface Patience {
  /** Milliseconds before the second try; doubled for each further one. */
  readonly first: number;
  readonly longest: number;
  /** Milliseconds from the first try after which a message is given up. */
  readonly giveUpAfter: number;
  /** So many refusals in a row are lasting. */
  readonly refusals: number;
}

const HOUR_MS = 3_600_000;

export function usualPatience(giveUpAfterHours: number): Patience {
  return { first: 2_000, longest: 600_000, giveUpAfter: giveUpAfterHours * HOUR_MS, refusals: 6 };
}

/**
 * What follows on a try that failed: another one, after a growing pause with jitter that is never shorter than the other side asked for; or nothing,
 * when it was tried for long enough.
 * @param now RFC 3339 @param chance from 0 to 1
 */
export function nextTry(
  before: Trying | null,
  outcome: Exclude<Outcome, { readonly kind: 'delivered' }>,
  now: string,
  chance: number,
  { first, longest, giveUpAfter, refusals: lasting }: Patience,
): { readonly kind: 'again' | 'given-up'; readonly trying: Trying } {
  const since = before?.since ?? now;
  const attempts = (before?.attempts ?? 0) + 1;
  const refusals = outcome.kind === 'refused' ? (before?.refusals ?? 0) + 1 : 0;
  const growing = Math.min(first * 2 ** Math.min(attempts - 1, 30), longest) * (0.5 + chance / 2);
  const pause = Math.max(growing, Math.min(outcome.retryAfterMs ?? 0, HOUR_MS));
  const nextAt = new Date(Date.parse(now) + pause).toISOString();
  const trying = { since, attempts, refusals, nextAt, why: outcome.why };
  const over = refusals >= lasting || Date.parse(now) - Date.parse(since) >= giveUpAfter;
  return { kind: over ? 'given-up' : 'again', trying };
}
