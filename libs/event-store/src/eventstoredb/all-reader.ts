import { positionOf } from '../decimal-cursor.js';
import type { Cursor, StoredAppend } from '../port.js';
import type { AppendReader } from '../subscription.js';
import { AppendAssembler } from './append-assembler.js';
import type { Connection } from './connection.js';
import { readAllPage } from './reading.js';
import { isSystemRecord, ownRecord, positionOfRecord } from './records.js';

/** Goes through `$all`, a page at a time, and leaves out what the server wrote for itself. */
export class AllReader implements AppendReader {
  /** Of the last event that was read, whoever wrote it: what is skipped is not read again and again. */
  private read: bigint | null;
  private readonly assembler = new AppendAssembler();

  /** @param after a cursor, so the end of an append. @throws EventStoreError `malformed-cursor` */
  constructor(
    private readonly connection: Connection,
    after: Cursor | null,
  ) {
    this.read = after === null ? null : positionOf(after);
  }

  async next(): Promise<readonly StoredAppend[]> {
    for (;;) {
      const page = await readAllPage(this.connection, this.read);
      const appends: StoredAppend[] = [];
      for (const resolved of page) {
        const append = isSystemRecord(resolved) ? null : this.assembler.add(ownRecord(resolved));
        this.read = positionOfRecord(resolved);
        if (append) appends.push(append);
      }
      if (appends.length > 0 || page.length === 0) return appends;
    }
  }
}
