import { describeReference, type Assertion } from '../assertion/assertion.js';
import { scalarOf } from '../assertion/headers.js';
import { isSnapDigest } from '../digest.js';
import { SnapError } from '../errors.js';
import { isAccountId, isSnapId, isSnapName } from '../names.js';
import { isRevisionText } from '../revision.js';
import { SERIES } from './reference.js';
import { requiredTime } from './timestamp.js';

/** @throws SnapError `malformed-assertion` */
export function checkSnapDeclaration(declaration: Assertion): void {
  const header = headerChecker(declaration);
  header('series', (value) => value === SERIES);
  header('snap-id', isSnapId);
  // An empty name is how a declaration is revoked.
  header('snap-name', (value) => value === '' || isSnapName(value));
  header('publisher-id', isAccountId);
  requiredTime(declaration, 'timestamp');
}

/** @throws SnapError `malformed-assertion` */
export function checkSnapRevision(revision: Assertion): void {
  const header = headerChecker(revision);
  header('snap-sha3-384', isSnapDigest);
  header('snap-id', isSnapId);
  header('snap-size', (value) => /^(?:0|[1-9][0-9]{0,14})$/.test(value));
  header('snap-revision', isRevisionText);
  header('developer-id', isAccountId);
  requiredTime(revision, 'timestamp');
}

function headerChecker(assertion: Assertion): (name: string, isValid: (value: string) => boolean) => void {
  return (name, isValid) => {
    const value = scalarOf(assertion.headers, name);
    if (value !== undefined && isValid(value)) return;
    const about = describeReference(assertion);
    throw new SnapError(
      'malformed-assertion',
      `${about}: ${name} is ${value === undefined ? 'missing' : 'malformed'}`,
      about,
    );
  };
}
