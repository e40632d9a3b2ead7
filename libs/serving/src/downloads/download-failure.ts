import { ServingError } from '../errors.js';

/** Why a download failed although the device did nothing wrong, and somebody here may have to do something. */
export const DOWNLOAD_FAILURES = [
  'artefact-changed',
  'artefact-mismatch',
  'artefact-unreadable',
  'cache-unavailable',
  'kept-unavailable',
  'upstream-unavailable',
] as const;

export type DownloadFailure = (typeof DOWNLOAD_FAILURES)[number];

/** @returns undefined for what is no such failure */
export function downloadFailure(error: unknown): DownloadFailure | undefined {
  if (!(error instanceof ServingError)) return undefined;
  return DOWNLOAD_FAILURES.find((code) => code === error.code);
}
