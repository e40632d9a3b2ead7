import { CodedError, sha256Hex } from '#kernel';
import { isAssertionType, parseAnyHeaders, parseAssertion, scalarOf, type Assertion } from '#snap';
import type { SmallCopies } from '../downloads/small-copies.js';
import type { AssertionQuery } from './assertion-request.js';

/**
 * Upstream's assertions as we last saw them, for when it is gone. The bytes are kept as they came; a file is used only when its own digest
 * holds and it is what was asked for. Whether it is true is the signature's business, which every device checks.
 */
export class RelayedAssertions {
  constructor(private readonly copies: SmallCopies) {}

  async find(query: AssertionQuery): Promise<Uint8Array | undefined> {
    const bytes = await this.copies.read(nameOf(query));
    return bytes && isWhatWasAsked(query, bytes) ? bytes : undefined;
  }

  async keep(query: AssertionQuery, bytes: Uint8Array): Promise<void> {
    await this.copies.write(nameOf(query), bytes);
  }
}

function nameOf({ type, primaryKey, maxFormat, sequence }: AssertionQuery): string {
  return sha256Hex(Buffer.from(JSON.stringify([type, primaryKey, maxFormat ?? null, sequence ?? null])));
}

/** Upstream, or our own disk, may hand us something else; a device must not get it under this name. */
export function isWhatWasAsked(query: AssertionQuery, bytes: Uint8Array): boolean {
  return readAsked(query, bytes) !== undefined;
}

/** The assertion that was asked for; undefined when the bytes are something else. Of a type that we do not know, the type is all that can be compared. */
export function readAsked(
  query: AssertionQuery,
  bytes: Uint8Array,
): Pick<Assertion, 'type' | 'headers'> | undefined {
  try {
    if (!isAssertionType(query.type)) {
      const headers = parseAnyHeaders(bytes);
      return scalarOf(headers, 'type') === query.type ? { type: query.type, headers } : undefined;
    }
    const assertion = parseAssertion(bytes);
    const { type, primaryKey, format } = assertion;
    const key = query.sequence === undefined ? primaryKey : primaryKey.slice(0, query.primaryKey.length);
    const understood = query.maxFormat === undefined || format <= query.maxFormat;
    const asked = type === query.type && understood && key.join('/') === query.primaryKey.join('/');
    return asked ? assertion : undefined;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
