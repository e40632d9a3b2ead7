import { SnapError } from '../errors.js';
import {
  MAX_ASSERTIONS_IN_STREAM,
  MAX_BODY_BYTES,
  MAX_HEADERS_BYTES,
  MAX_SIGNATURE_BYTES,
} from './limits.js';

const NEWLINE = 10;
const BLANK_LINE = Buffer.from('\n\n');
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One assertion of a stream, cut but not yet understood. */
export interface RawAssertion {
  readonly head: string;
  readonly body: Buffer;
  readonly content: Buffer;
  readonly signature: string;
}

/**
 * Cuts a stream into assertions (protocol page §10). `body-length` decides where a body ends: it may hold blank lines, and
 * whatever looks like another assertion. Each part is measured before it is copied or decoded.
 *
 * @throws SnapError `malformed-assertion`, `assertion-too-large`
 */
export function* cutStream(bytes: Buffer): Generator<RawAssertion> {
  let at = skipNewlines(bytes, 0);
  for (let count = 0; at < bytes.length; count++) {
    if (count === MAX_ASSERTIONS_IN_STREAM) throw tooLarge(`a stream of more than ${count} assertions`);
    const [raw, end] = cutOne(bytes, at);
    yield raw;
    at = skipNewlines(bytes, end);
  }
}

function cutOne(bytes: Buffer, at: number): [raw: RawAssertion, end: number] {
  const headEnd = endOfPart(bytes, at, MAX_HEADERS_BYTES, 'headers');
  if (headEnd === undefined) throw new SnapError('malformed-assertion', 'an assertion ends in its headers');
  const head = decode(bytes.subarray(at, headEnd), 'headers');

  const bodyLength = declaredBodyLength(head);
  const bodyAt = headEnd + BLANK_LINE.length;
  const bodyEnd = bodyAt + bodyLength;
  const body = bytes.subarray(bodyAt, bodyEnd);
  if (bodyLength > 0 && !bytes.subarray(bodyEnd, bodyEnd + BLANK_LINE.length).equals(BLANK_LINE)) {
    throw new SnapError('malformed-assertion', `no blank line follows a body of ${bodyLength} bytes`);
  }
  decode(body, 'body');

  const signatureAt = bodyLength > 0 ? bodyEnd + BLANK_LINE.length : bodyAt;
  const end = endOfPart(bytes, signatureAt, MAX_SIGNATURE_BYTES, 'signature') ?? bytes.length;
  const signature = decode(bytes.subarray(signatureAt, end), 'signature').replace(/\n$/, '');
  if (signature === '') throw new SnapError('malformed-assertion', 'an assertion has no signature');

  return [{ head, body, content: bytes.subarray(at, bodyLength > 0 ? bodyEnd : headEnd), signature }, end];
}

/** Where the next blank line starts; undefined when the stream ends before, within the limit. */
function endOfPart(bytes: Buffer, at: number, limit: number, what: string): number | undefined {
  const end = bytes.subarray(at, at + limit + BLANK_LINE.length).indexOf(BLANK_LINE);
  if (end >= 0) return at + end;
  if (bytes.length - at > limit) throw tooLarge(`${what} of more than ${limit} bytes`);
  return undefined;
}

/**
 * Read before the headers are parsed, from the line that starts with the name: nested lines are indented, and the parser refuses a name
 * that comes twice, so it can only be the same header.
 */
function declaredBodyLength(head: string): number {
  const found = /(?:^|\n)body-length:([^\n]*)/.exec(head)?.[1];
  if (found === undefined) return 0;
  if (!/^ (?:0|[1-9][0-9]{0,8})$/.test(found)) {
    throw new SnapError('malformed-assertion', 'body-length is no whole number');
  }
  const length = Number(found);
  if (length > MAX_BODY_BYTES) throw tooLarge(`a body of ${length} bytes`);
  return length;
}

function decode(part: Buffer, what: string): string {
  try {
    return UTF8.decode(part);
  } catch (cause) {
    throw new SnapError('malformed-assertion', `an assertion's ${what} are not UTF-8`, undefined, { cause });
  }
}

function skipNewlines(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === NEWLINE) at++;
  return at;
}

function tooLarge(what: string): SnapError {
  return new SnapError('assertion-too-large', `${what} is more than an assertion may have`);
}
