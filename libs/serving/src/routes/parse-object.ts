import { CodedError, type JsonObject, type JsonValue } from '#kernel';
import { isObject } from '../answer/refresh-results.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** What snapd and stores send is some ten levels deep. More only costs the stack of whoever walks it. */
const DEEPEST = 64;

/** A device's request is of short texts: a call for each costs more than it saves. */
const SHORT_TEXT = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whatever the content type says: some stores call JSON text. @returns undefined for what is no JSON object, or none that anybody means */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  if (isTooDeep(bytes)) return undefined;
  try {
    const value = JSON.parse(UTF_8.decode(bytes)) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof CodedError) throw error;
    return undefined;
  }
}

/** Counted before it is parsed, so that nothing ever holds such a value. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfText(bytes, at + 1);
      if (at < 0) return false;
    } else if (byte === BRACE || byte === BRACKET) {
      if (++depth > DEEPEST) return true;
    } else if (byte === BRACE_END || byte === BRACKET_END) depth--;
  }
  return false;
}

/** Where the quote stands that ends a text; -1 for none, which is no JSON. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < from + SHORT_TEXT; at++) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) at++;
  }
  return endOfLongText(bytes, at);
}

/** The runtime searches faster than we, once it is worth a call. */
function endOfLongText(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let before = at;
    while (before > from && bytes[before - 1] === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at;
  }
  return -1;
}
