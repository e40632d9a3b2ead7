import { releaseRecordOf } from '../../domain/change-request/ratify.js';
import { releaseDigestOf, releaseOf, type ReleaseRecord } from '../../domain/change-request/record.js';
import type { Emergency, EmergencyRequest } from '../../domain/change-request/state.js';

/** What whoever ratifies reads, and what their signature is bound to. */
export interface EmergencyView {
  readonly ratification: Emergency['ratification'];
  readonly record: ReleaseRecord;
  /** SHA-256, hex, of that record. */
  readonly releaseDigest: string;
  /** What it would have waited for by the soak that its ring's policy asks for; null: nothing. */
  readonly soakPassedOver: string | null;
}

export function emergencyOf(state: EmergencyRequest): EmergencyView {
  const record = releaseOf(releaseRecordOf(state));
  const { ratification, soakPassedOver = null } = state.emergency;
  return { ratification, record, releaseDigest: releaseDigestOf(record), soakPassedOver };
}
