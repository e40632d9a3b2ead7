import { SnapError } from './errors.js';

/** snapd counts revisions in 32 bits, signed. */
const MAX_REVISION = 2 ** 31 - 1;

/** A store revision, 1 or more. Local ones (`x1`) never reach a store. @throws SnapError `malformed-revision` */
export function parseRevision(text: string): number {
  if (!isRevisionText(text)) {
    throw new SnapError(
      'malformed-revision',
      `${JSON.stringify(text.slice(0, 40))} is no revision: a whole number from 1`,
    );
  }
  return Number(text);
}

export function isRevisionText(text: string): boolean {
  return /^[1-9][0-9]{0,9}$/.test(text) && isRevision(Number(text));
}

export function isRevision(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_REVISION;
}
