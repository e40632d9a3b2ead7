import type { LinkedAccounts } from '#kernel';
import type { StreamWriter } from './decide-and-append.js';

/**
 * Which accounts are of one person, by the history.
 * @param asOf RFC 3339: as it was known then; absent: now
 */
export type ReadLinkedAccounts = (
  streams: Pick<StreamWriter, 'load'>,
  asOf?: string,
) => Promise<LinkedAccounts>;
