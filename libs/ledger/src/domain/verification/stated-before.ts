import { statedBefore, type StatedBeforeIn } from '#kernel';
import type { VerificationEvent } from './events.js';
import type { Verification } from './verification.js';

/** What events about the verifier's findings say was before them (R03). */
export const statedOfVerification: StatedBeforeIn<VerificationEvent, Verification> = {
  LedgerVerified: null,
  LedgerVerificationFailed: null,
  LedgerVerificationRecovered: ({ failedSince }, { failing }) => [
    statedBefore('failedSince', failedSince, failing?.since),
  ],
  CheckpointSigningFailed: null,
  CheckpointSigningResumed: null,
};
