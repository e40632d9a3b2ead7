import { escapeIdentifier, type ClientBase } from 'pg';

/** Where a projection's tables stand: one slot is live, the other one is free for a rebuild. */
export type Slot = 'blue' | 'green';

export function otherSlot(slot: Slot): Slot {
  return slot === 'blue' ? 'green' : 'blue';
}

/** A table's full name in a slot, quoted. */
export function tableIn(slot: Slot, table: string): string {
  return `read_${slot}.${escapeIdentifier(table)}`;
}

/** The full name under which readers know a table, quoted. */
export function viewOf(table: string): string {
  return `read.${escapeIdentifier(table)}`;
}

/** Until the transaction ends, names without a schema are of this slot, and of nothing else. */
export async function useSlot(tx: ClientBase, slot: Slot): Promise<void> {
  await tx.query(`set local search_path to read_${slot}`);
}
