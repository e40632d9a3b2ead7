import { verifyLog, type Checkpoint, type LogReader, type NoteVerifier } from '#tlog';

/** An event as the database holds it. */
export interface DatabaseRow {
  readonly position: bigint;
  readonly bytes: Uint8Array;
}

export interface Difference {
  readonly position: bigint;
  /**
   * `differs`: other bytes than were sealed. `missing`: sealed, and not in the database. `extra`: in the database a second time, or out of
   * order. `unsealed`: newer than the checkpoint, which is no fault while the projector is at work.
   */
  readonly kind: 'differs' | 'missing' | 'extra' | 'unsealed';
}

/**
 * Verifies a ledger and compares each of its entries with the database's.
 * @param rows in order of their positions
 * @throws TlogError when the ledger itself is not in order
 */
export async function compareWithDatabase(
  rows: AsyncIterable<DatabaseRow>,
  reader: LogReader,
  verifiers: readonly NoteVerifier[],
): Promise<{ readonly checkpoint: Checkpoint; readonly differences: readonly Difference[] }> {
  const differences: Difference[] = [];
  const iterator = rows[Symbol.asyncIterator]();
  const next = async (): Promise<DatabaseRow | undefined> => {
    const result = await iterator.next();
    return result.done === true ? undefined : result.value;
  };
  try {
    let row = await next();
    const onEntry = async (position: bigint, bytes: Buffer): Promise<void> => {
      for (; row && row.position < position; row = await next()) {
        differences.push({ position: row.position, kind: 'extra' });
      }
      if (row?.position !== position) {
        differences.push({ position, kind: 'missing' });
        return;
      }
      if (!bytes.equals(row.bytes)) differences.push({ position, kind: 'differs' });
      row = await next();
    };
    const checkpoint = await verifyLog(reader, verifiers, { onEntry });
    for (; row; row = await next()) {
      differences.push({
        position: row.position,
        kind: row.position < checkpoint.size ? 'extra' : 'unsealed',
      });
    }
    return { checkpoint, differences };
  } finally {
    await iterator.return?.();
  }
}
