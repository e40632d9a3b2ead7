import type { Headers } from './headers.js';

/** A parsed assertion. Parsed means well-formed, nothing else: see `verifyChain` for trust. */
export interface Assertion {
  readonly type: string;
  readonly format: number;
  readonly revision: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** The bytes that are signed: headers, and the body behind a blank line. */
  readonly content: Buffer;
  /** Base64 text, as it stands in the assertion, without the line end. */
  readonly signature: string;
  /** The exact bytes, ending in one line end. What is stored and relayed: an assertion is never written anew. */
  readonly bytes: Buffer;
  /** Null for the types that exist on the wire only, such as device-session-request. */
  readonly authorityId: string | null;
  readonly signKeyId: string;
  /** In the order of the type's primary key; optional trailing values at their default are left out. */
  readonly primaryKey: readonly string[];
}

/** What names an assertion: its type and primary key. */
export interface AssertionReference {
  readonly type: string;
  readonly primaryKey: readonly string[];
}

/** How people and errors name an assertion: `snap-declaration (16/99T7MUlRhtI3U0QFgl5mXXESAiSwt776)`. */
export function describeReference({ type, primaryKey }: AssertionReference): string {
  return `${type} (${primaryKey.join('/')})`;
}

/** An assertion's bytes from its two halves (protocol page §10). */
export function assertionBytes(content: Uint8Array, signature: string): Buffer {
  return Buffer.concat([content, Buffer.from(`\n\n${signature}\n`)]);
}

/** One stream, as `snap ack` and assertion-stream URLs want it: each ends in a line end, a blank line between. */
export function joinAssertions(assertions: readonly Pick<Assertion, 'bytes'>[]): Buffer {
  const parts = assertions.flatMap(({ bytes }, i) => (i === 0 ? [bytes] : [Buffer.from('\n'), bytes]));
  return Buffer.concat(parts);
}
