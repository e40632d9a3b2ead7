import type pg from 'pg';
import { positionOf } from '../decimal-cursor.js';
import type { Cursor, StoredAppend } from '../port.js';
import type { AppendReader } from '../subscription.js';
import { readAppends } from './reading.js';

/** Goes through the history by whole appends, a page at a time. */
export class PageReader implements AppendReader {
  private position: bigint;

  /** @throws EventStoreError `malformed-cursor` */
  constructor(
    private readonly pool: pg.Pool,
    after: Cursor | null,
  ) {
    this.position = after === null ? -1n : positionOf(after);
  }

  async next(): Promise<readonly StoredAppend[]> {
    const appends = await readAppends(this.pool, this.position);
    const last = appends.at(-1);
    if (last) this.position = positionOf(last.cursor);
    return appends;
  }
}
