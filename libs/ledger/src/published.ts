/** What other contexts and the composition roots use of the ledger. */
export { compareWithDatabase } from './compare-with-database.js';
export type { DatabaseRow, Difference } from './compared-rows.js';
export { copyLog } from './copy-log.js';
export { writeDurably } from './durable-file.js';
export { LedgerError, type LedgerErrorCode } from './errors.js';
export { filesystemLogReader } from './filesystem-log-reader.js';
export { LedgerWriter, type LedgerPlaces, type SoleWriter } from './ledger-writer.js';
