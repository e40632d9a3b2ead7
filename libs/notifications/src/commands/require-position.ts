import type { ProjectionProgress } from '#platform/at-least/projection-progress';
import { NotificationError } from '../errors.js';

/** As people write a position. */
export const POSITION = /^(0|[1-9][0-9]{0,17})$/;
export const POSITION_RULE = 'must be a position, a whole number from 0';

/** A position that the history does not have yet is a mistake. @throws NotificationError `no-such-position` */
export async function requirePosition(progress: ProjectionProgress, from: string): Promise<void> {
  const seen = (await progress.checkpoints()).map(({ nextPosition }) => BigInt(nextPosition));
  const next = seen.reduce((most, each) => (each > most ? each : most), 0n);
  if (BigInt(from) < next) return;
  throw new NotificationError(
    'no-such-position',
    `there is no event at position ${from} yet: the newest is ${next - 1n}`,
  );
}
