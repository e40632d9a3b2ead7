import { describeReference, type Assertion } from '../assertion/assertion.js';
import { SnapError } from '../errors.js';
import type { AccountKey } from './account-key.js';
import { optionalTime } from './timestamp.js';

/**
 * A key must be valid twice: now, and when the assertion says that it was made (protocol page §10).
 *
 * @throws SnapError `key-expired`, `key-not-yet-valid`, `timestamp-outside-key-validity`
 */
export function checkKeyValidity(assertion: Assertion, key: AccountKey, at: Date): void {
  const about = describeReference(assertion);
  if (key.until !== undefined && at >= key.until) {
    throw new SnapError('key-expired', `the key of ${about} expired at ${key.until.toISOString()}`, about);
  }
  if (at < key.since) {
    throw new SnapError(
      'key-not-yet-valid',
      `the key of ${about} is valid from ${key.since.toISOString()}`,
      about,
    );
  }
  const timestamp = optionalTime(assertion, 'timestamp');
  if (timestamp === undefined) return;
  if (timestamp < key.since || (key.until !== undefined && timestamp >= key.until)) {
    const reason = `${about} says that it was made at ${timestamp.toISOString()}, when its key was not valid`;
    throw new SnapError('timestamp-outside-key-validity', reason, about);
  }
}
