import type { KeyObject } from 'node:crypto';
import { parseAssertion, signAssertion, type Assertion, type AssertionDraft } from '#snap';

/** Everything here says that it was made then: equal keys give equal assertions, byte for byte, at every start. */
export const TIMESTAMP = '2024-01-02T03:04:05Z';

/** Since when our keys are valid. */
export const KEY_SINCE = '2016-01-01T00:00:00Z';

/** Signs an assertion, as its parsed form. */
export function sign(key: KeyObject, draft: AssertionDraft): Assertion {
  return parseAssertion(signAssertion(draft, key, new Date(TIMESTAMP)));
}
