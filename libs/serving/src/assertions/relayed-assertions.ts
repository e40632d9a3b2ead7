import { CodedError, sha256Hex } from '#kernel';
import { isAssertionType, parseAnyHeaders, parseAssertion, scalarOf, type Assertion } from '#snap';
import type { SmallCopies } from '../downloads/small-copies.js';
import { isSequence, type AssertionQuery } from './assertion-request.js';

/**
 * Upstream's assertions as we last saw them, for when it is gone. The bytes are kept as they came; a file is used only when its own digest
 * holds and it is what was asked for. Whether it is true is the signature's business, which every device checks.
 */
export class RelayedAssertions {
  /** Ends when what is kept of sequences is written. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly copies: SmallCopies) {}

  async find(query: AssertionQuery): Promise<Uint8Array | undefined> {
    const bytes = await this.copies.read(nameOf(query));
    return bytes && isWhatWasAsked(query, bytes) ? bytes : undefined;
  }

  /** @param bytes of what was asked for */
  async keep(query: AssertionQuery, bytes: Uint8Array): Promise<void> {
    if (!isSequence(query.type)) return await this.copies.write(nameOf(query), bytes);
    // Two devices may bring two of a sequence at once: the earlier one must not look before the later one is written, and be its latest then.
    const kept = this.turn.then(() => this.keepInSequence(query, bytes));
    this.turn = kept.catch(() => undefined);
    await kept;
  }

  private async keepInSequence(query: AssertionQuery, bytes: Uint8Array): Promise<void> {
    const others = await this.inSequence(parseAssertion(bytes), query.maxFormat);
    for (const name of new Set([query, ...others].map(nameOf))) await this.copies.write(name, bytes);
  }

  /** The ways in which one of a sequence may be asked for: as its latest, unless a later one was seen. */
  private async inSequence(
    assertion: Assertion,
    maxFormat: number | undefined,
  ): Promise<readonly AssertionQuery[]> {
    const { type, primaryKey } = assertion;
    const name = { type, primaryKey: primaryKey.slice(0, -1), maxFormat };
    const number = numberOf(assertion);
    const latest = { ...name, sequence: 'latest' };
    const seen = await this.find(latest);
    return [
      { type, primaryKey, maxFormat, sequence: undefined },
      { ...name, sequence: String(number) },
      ...(seen && numberOf(parseAssertion(seen)) > number ? [] : [latest]),
    ];
  }
}

/** Of one of a sequence. */
export function numberOf({ primaryKey }: Pick<Assertion, 'primaryKey'>): number {
  return Number(primaryKey.at(-1));
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
    const understood = query.maxFormat === undefined || format <= query.maxFormat;
    const asked = type === query.type && understood && isNamed(primaryKey, query);
    return asked ? assertion : undefined;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

/** Asked by a sequence, the last part is the number, which `latest` leaves open. */
function isNamed(key: readonly string[], { primaryKey, sequence }: AssertionQuery): boolean {
  if (sequence === undefined) return key.join('/') === primaryKey.join('/');
  const [number = '', ...name] = key.toReversed();
  const named = name.toReversed().join('/') === primaryKey.join('/');
  return named && (sequence === 'latest' || sequence === number);
}
