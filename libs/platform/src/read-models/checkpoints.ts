import type { ClientBase } from 'pg';
import type { Cursor } from '#event-store/port';
import type { ReadModelVersion } from '../projection.js';
import { ReadModelError } from './errors.js';
import type { Slot } from './slots.js';

/** How far a live projection is, and where its tables are. */
export interface Checkpoint extends ReadModelVersion {
  readonly slot: Slot;
  /** The position of the first event that it has not taken. */
  readonly next: bigint;
  /** Of the last append that it has taken; null before the first. */
  readonly cursor: Cursor | null;
  readonly tables: readonly string[];
}

interface Row extends Omit<Checkpoint, 'next'> {
  readonly next: string;
}

const SELECT = `select name, version, slot, next_position::text as next, cursor, tables from read.projection_checkpoint`;

/** Every live projection, of whatever version. */
export async function allCheckpoints(tx: ClientBase): Promise<readonly Checkpoint[]> {
  const { rows } = await tx.query<Row>(`${SELECT} order by name, version`);
  return rows.map(checkpoint);
}

/**
 * Of these projections, as far as they are live, and nobody else moves or switches them until the transaction ends. Always taken in the same
 * order, so that two who ask wait for each other rather than for ever.
 */
export async function lockCheckpoints(
  tx: ClientBase,
  versions: readonly ReadModelVersion[],
): Promise<readonly Checkpoint[]> {
  const { rows } = await tx.query<Row>(
    `${SELECT} where (name, version) in (select * from unnest($1::text[], $2::integer[]))
     order by name, version for update`,
    [versions.map(({ name }) => name), versions.map(({ version }) => version)],
  );
  return rows.map(checkpoint);
}

function checkpoint({ next, ...row }: Row): Checkpoint {
  return { ...row, next: BigInt(next) };
}

export function sameVersion(a: ReadModelVersion, b: ReadModelVersion): boolean {
  return a.name === b.name && a.version === b.version;
}

/**
 * Of locked checkpoints, each from where it was read.
 * @throws ReadModelError `checkpoint-moved`
 */
export async function moveCheckpoints(
  tx: ClientBase,
  from: readonly Pick<Checkpoint, 'name' | 'version' | 'next'>[],
  to: bigint,
  cursor: Cursor,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update read.projection_checkpoint set next_position = $4, cursor = $5
     where (name, version, next_position) in (select * from unnest($1::text[], $2::integer[], $3::bigint[]))`,
    [
      from.map(({ name }) => name),
      from.map(({ version }) => version),
      from.map(({ next }) => next),
      to,
      cursor,
    ],
  );
  if (rowCount !== from.length) {
    throw new ReadModelError(
      'checkpoint-moved',
      `of the ${from.length} checkpoints in read.projection_checkpoint that were to be moved to ${to}, ${rowCount} were where they had been read: something else writes there`,
    );
  }
}
