import type { DraftRecord } from '../api/draft-of-change.js';
import { askedText, recordFields } from './change.js';
import { fields } from './table.js';

/** What its author reads before they sign it: all that they say. What becomes of it is found when it is captured. */
export function draftToSign(record: DraftRecord, digest: string): string {
  return `${fields(recordFields(record, digest))}\n${askedText(record)}`.trimEnd();
}
