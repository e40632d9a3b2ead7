import { SnapError } from '../errors.js';
import { assertionBytes, type Assertion } from './assertion.js';
import { scalarOf, type Headers } from './headers.js';
import { parseHeaders } from './parse-headers.js';
import { primaryKeyOf } from './primary-key.js';
import { cutStream, type RawAssertion } from './split.js';
import { assertionType, type AssertionType } from './types.js';

/**
 * Exactly one assertion. What it says is not believed yet: see `verifyChain`.
 *
 * @throws SnapError `malformed-assertion`, `assertion-too-large`, `unknown-assertion-type`; never anything else
 */
export function parseAssertion(bytes: Uint8Array | string): Assertion {
  const [assertion, second] = splitAssertions(bytes);
  if (assertion === undefined) throw new SnapError('malformed-assertion', 'there is no assertion');
  if (second !== undefined) throw new SnapError('malformed-assertion', 'there is more than one assertion');
  return assertion;
}

/**
 * The headers of exactly one assertion, also of a type that we do not know: what it says of itself, no more.
 *
 * @throws SnapError as {@link parseAssertion}, but for `unknown-assertion-type`
 */
export function parseAnyHeaders(bytes: Uint8Array): Headers {
  const [raw, second] = cutStream(Buffer.from(bytes));
  if (raw === undefined || second !== undefined)
    throw new SnapError('malformed-assertion', 'there is not exactly one assertion');
  return parseHeaders(raw.head);
}

/**
 * All assertions of a stream, in its order; none for an empty one.
 *
 * @throws SnapError as {@link parseAssertion}
 */
export function splitAssertions(stream: Uint8Array | string): Assertion[] {
  // A copy: what callers do to their buffer later must not change an assertion that was verified.
  const bytes = Buffer.from(stream);
  return Array.from(cutStream(bytes), understand);
}

function understand(raw: RawAssertion): Assertion {
  const headers = parseHeaders(raw.head);
  const type = assertionType(required(headers, 'type'));
  const signKeyId = required(headers, 'sign-key-sha3-384');
  if (!/^[A-Za-z0-9_-]{64}$/.test(signKeyId))
    throw malformed(type, 'sign-key-sha3-384 is no SHA3-384 digest');
  return {
    type: type.name,
    format: wholeNumber(headers, 'format', type),
    revision: wholeNumber(headers, 'revision', type),
    headers,
    body: raw.body,
    content: raw.content,
    signature: raw.signature,
    bytes: assertionBytes(raw.content, raw.signature),
    authorityId: authorityOf(headers, type),
    signKeyId,
    primaryKey: primaryKeyOf(type, headers),
  };
}

function authorityOf(headers: Headers, type: AssertionType): string | null {
  if (type.hasAuthority) return required(headers, 'authority-id');
  if ('authority-id' in headers) throw malformed(type, 'may not have an authority-id');
  return null;
}

function required(headers: Headers, name: string): string {
  const value = scalarOf(headers, name);
  if (value === undefined || value === '') throw new SnapError('malformed-assertion', `${name} is missing`);
  return value;
}

function wholeNumber(headers: Headers, name: string, type: AssertionType): number {
  const text = headers[name] ?? '0';
  if (typeof text !== 'string' || !/^(?:0|[1-9][0-9]{0,14})$/.test(text)) {
    throw malformed(type, `${name} is no whole number`);
  }
  return Number(text);
}

function malformed(type: AssertionType, why: string): SnapError {
  return new SnapError('malformed-assertion', `${type.name}: ${why}`);
}
