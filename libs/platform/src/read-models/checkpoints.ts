import type { ClientBase } from 'pg';
import type { Cursor } from '#event-store/port';
import type { ReadModelVersion } from '../projection.js';
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

/** Of locked checkpoints. */
export async function moveCheckpoints(
  tx: ClientBase,
  versions: readonly ReadModelVersion[],
  to: bigint,
  cursor: Cursor,
): Promise<void> {
  await tx.query(
    `update read.projection_checkpoint set next_position = $3, cursor = $4
     where (name, version) in (select * from unnest($1::text[], $2::integer[]))`,
    [versions.map(({ name }) => name), versions.map(({ version }) => version), to, cursor],
  );
}
