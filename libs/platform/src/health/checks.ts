import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { EventStore } from '#event-store/port';
import type { Look } from './readiness.js';

/** A database that answers, to the role that asks. */
export function databaseAnswers(pool: { query(text: string): Promise<unknown> }): Look {
  return async () => {
    await pool.query('select 1');
    return undefined;
  };
}

/** An event store that answers and holds the history of a founded site. @param firstStream the stream of the site's founding */
export function eventStoreAnswers(store: Pick<EventStore, 'readStream'>, firstStream: string): Look {
  return async () => {
    for await (const _event of store.readStream(firstStream)) return undefined;
    return 'it holds no founded site: "holdfast prepare" makes one';
  };
}

/** A folder that is there and that we may read and, unless told otherwise, write. */
export function folderUsable(folder: string, rights: 'read' | 'write' = 'write'): Look {
  const mode = constants.R_OK | constants.X_OK | (rights === 'write' ? constants.W_OK : 0);
  return async () => {
    await access(folder, mode);
    return undefined;
  };
}
