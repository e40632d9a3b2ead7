import { verifyLog, type Checkpoint, type LogReader, type NoteVerifier } from '#tlog';
import { ComparedRows, type DatabaseRow, type Difference } from './compared-rows.js';

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
  const compared = new ComparedRows(rows, (difference) => differences.push(difference));
  try {
    const onEntry = (position: bigint, bytes: Buffer): Promise<void> => compared.compare(position, bytes);
    const checkpoint = await verifyLog(reader, verifiers, { onEntry });
    await compared.rest(checkpoint.size);
    return { checkpoint, differences };
  } finally {
    await compared.close();
  }
}
