import { SnapError } from '../errors.js';
import { formatHeader, presentNames } from './format-headers.js';
import type { Headers } from './headers.js';
import { MAX_BODY_BYTES, MAX_HEADERS_BYTES } from './limits.js';
import { primaryKeyOf } from './primary-key.js';
import { assertionType, type AssertionType } from './types.js';

/** What an assertion says, before it is signed. `type`, `body-length` and `sign-key-sha3-384` come by themselves. */
export interface AssertionDraft {
  readonly type: string;
  /** With `authority-id`, but for the types without one; numbers as decimal strings. Empty lists and maps are left out. */
  readonly headers: Headers;
  /** UTF-8 text, for most types none. */
  readonly body?: Uint8Array | string;
}

const SET_BY_US = new Set(['type', 'body-length', 'sign-key-sha3-384']);

/**
 * The bytes that will be signed, headers in the order of protocol page §10.
 *
 * @throws SnapError `malformed-assertion`, `assertion-too-large`, `unknown-assertion-type`
 */
export function formatContent(draft: AssertionDraft, signKeyId: string): Buffer {
  const type = assertionType(draft.type);
  checkDraft(type, draft.headers);
  const body = Buffer.from(draft.body ?? '');
  const { headers } = draft;
  const lines = [
    formatHeader('type', type.name),
    ...orderedNames(type, headers).map((name) => formatHeader(name, headers[name] ?? '')),
    ...(body.length > 0 ? [formatHeader('body-length', String(body.length))] : []),
    formatHeader('sign-key-sha3-384', signKeyId),
  ];
  const head = Buffer.from(lines.join('\n'));
  if (head.length > MAX_HEADERS_BYTES)
    throw new SnapError('assertion-too-large', `${head.length} bytes of headers`);
  if (body.length > MAX_BODY_BYTES)
    throw new SnapError('assertion-too-large', `a body of ${body.length} bytes`);
  return body.length > 0 ? Buffer.concat([head, Buffer.from('\n\n'), body]) : head;
}

function checkDraft(type: AssertionType, headers: Headers): void {
  primaryKeyOf(type, headers);
  const named = typeof headers['authority-id'] === 'string';
  if (named !== type.hasAuthority) {
    const what = type.hasAuthority ? 'needs an authority-id' : 'may not have an authority-id';
    throw new SnapError('malformed-assertion', `${type.name}: ${what}`);
  }
}

function orderedNames(type: AssertionType, headers: Headers): string[] {
  const present = presentNames(headers).filter((name) => !SET_BY_US.has(name) && !isSilent(headers, name));
  const first = ['format', 'authority-id', 'signatory-id', 'revision', ...type.primaryKey];
  return [
    ...first.filter((name) => present.includes(name)),
    ...present.filter((name) => !first.includes(name)),
  ];
}

/** Format 0 and revision 0 go without saying, and so does a signatory that is the authority. */
function isSilent(headers: Headers, name: string): boolean {
  if (name === 'format' || name === 'revision') return headers[name] === '0';
  return name === 'signatory-id' && headers[name] === headers['authority-id'];
}
