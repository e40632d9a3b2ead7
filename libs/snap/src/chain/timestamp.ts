import { describeReference, type Assertion } from '../assertion/assertion.js';
import { scalarOf } from '../assertion/headers.js';
import { SnapError } from '../errors.js';

/** RFC 3339 with seconds and a zone; `Date.parse` alone would take local times and much more. */
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** @throws SnapError `malformed-assertion` */
export function requiredTime(assertion: Assertion, name: string): Date {
  const time = optionalTime(assertion, name);
  if (time === undefined) throw malformed(assertion, name);
  return time;
}

/** @throws SnapError `malformed-assertion` when it is there and no time */
export function optionalTime(assertion: Assertion, name: string): Date | undefined {
  if (!(name in assertion.headers)) return undefined;
  const text = scalarOf(assertion.headers, name) ?? '';
  const time = new Date(text);
  if (!RFC3339.test(text) || Number.isNaN(time.getTime())) throw malformed(assertion, name);
  return time;
}

function malformed(assertion: Assertion, name: string): SnapError {
  const about = describeReference(assertion);
  return new SnapError('malformed-assertion', `${about}: ${name} is no RFC 3339 time`, about);
}
