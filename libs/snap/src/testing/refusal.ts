import { SnapError, type SnapErrorCode } from '../errors.js';

/** The code of the SnapError that `act` throws; `accepted` when it throws none. Any other error passes through and fails the spec. */
export function refusal(act: () => unknown): SnapErrorCode | 'accepted' {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (error instanceof SnapError) return error.code;
    throw error;
  }
}
