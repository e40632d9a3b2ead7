import type { ApprovalPolicy } from '../../domain/approval-policy/approval-policy.js';
import { whyNotAuthored, type AuthorsNow } from '../../domain/change-request/authored.js';
import { draftDigestOf, draftRecordOf, type DraftRecord } from '../../domain/change-request/record.js';
import { WITH_ITS_AUTHOR, type ChangeRequest } from '../../domain/change-request/state.js';

/** What its author signs as they submit it. */
export interface DraftView {
  readonly record: DraftRecord;
  /** SHA-256, hex, of that record. */
  readonly digest: string;
  /** Whether a ring that it is for asks for their signature, and they have not given it. */
  readonly mustSign: boolean;
}

/** @param policies of each ring that it is for @returns null for what is handed in */
export function draftViewOf(
  request: Exclude<ChangeRequest, { status: 'none' }>,
  policies: readonly ApprovalPolicy[],
  now: AuthorsNow,
): DraftView | null {
  if (!WITH_ITS_AUTHOR.includes(request.status)) return null;
  const mustSign = whyNotAuthored(policies, request, now) !== undefined;
  return { record: draftRecordOf(request), digest: draftDigestOf(request), mustSign };
}
