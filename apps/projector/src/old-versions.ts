import type { ClientBase } from 'pg';
import type { ReadModelVersion } from '#platform/projection';
import { allCheckpoints, sameVersion, type Checkpoint } from '#platform/read-models/checkpoints';
import { FORGOTTEN_AFTER } from '#platform/read-models/announcements';
import { dropTables, dropViews } from '#platform/read-models/generations';
import { LOCK_WITHIN } from './lock-within.js';

/**
 * Removes the tables of earlier versions that no reader announces any more. Until then they stand still, and whoever reads them gets what they
 * held when the projector of that version ended. Later versions are left alone: this release may be the one that is going.
 * @returns what was removed
 */
export async function dropOldVersions(
  tx: ClientBase,
  current: readonly ReadModelVersion[],
): Promise<readonly ReadModelVersion[]> {
  await tx.query(`delete from readers.announcement where at < now() - interval '${FORGOTTEN_AFTER}'`);
  const { rows: read } = await tx.query<ReadModelVersion>(
    'select distinct name, version from readers.announcement',
  );
  const unread = (await allCheckpoints(tx)).filter(
    (old) =>
      current.some(({ name, version }) => name === old.name && version > old.version) &&
      !read.some((theirs) => sameVersion(theirs, old)),
  );
  if (unread.length === 0) return [];
  await tx.query(`set local lock_timeout = '${LOCK_WITHIN}'`);
  for (const checkpoint of unread) await drop(tx, checkpoint);
  return unread.map(({ name, version }) => ({ name, version }));
}

async function drop(tx: ClientBase, { name, version, slot, tables }: Checkpoint): Promise<void> {
  await dropViews(tx, tables);
  await dropTables(tx, tables, slot);
  await tx.query('delete from read.projection_checkpoint where name = $1 and version = $2', [name, version]);
}
