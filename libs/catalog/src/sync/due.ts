import type { SyncPosition } from './sync-position.js';

const MINUTE_MS = 60_000;

/** The first pause after a round that was given up; doubled for each one more, up to the usual one. */
const BACK_OFF_MS = 5 * MINUTE_MS;

/**
 * Milliseconds until the next round begins: the interval after the last one, up to a tenth more or less, so that sites do not all ask at
 * once; sooner after a round that was given up, since upstream was away. A clock that went back delays nothing.
 * @param chance from 0 to 1
 */
export function untilDue(position: SyncPosition, everyMinutes: number, now: string, chance: number): number {
  const { triedAt, failures } = position;
  if (triedAt === undefined) return 0;
  const every = everyMinutes * MINUTE_MS;
  const usual = failures === 0 ? every : Math.min(BACK_OFF_MS * 2 ** (failures - 1), every);
  const pause = usual * (0.9 + 0.2 * chance);
  const since = Date.parse(now) - Date.parse(triedAt);
  return since < 0 ? 0 : Math.max(0, pause - since);
}
