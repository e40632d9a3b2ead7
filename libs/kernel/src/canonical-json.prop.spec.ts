import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { canonicalJson, type JsonValue } from '#kernel';

/** What a function answers, or that it refuses. */
function outcome(act: () => string | undefined): string {
  try {
    return `= ${act()}`;
  } catch {
    return 'refused';
  }
}

describe('canonicalJson and the package canonicalize', () => {
  it.each(['grapheme', 'binary'] as const)('agree on any JSON, with strings of any %s', (stringUnit) => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit }), (value) => {
        return outcome(() => canonicalJson(value as JsonValue)) === outcome(() => canonicalize(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('agree on any double, finite or not', () => {
    fc.assert(
      fc.property(
        fc.double(),
        (value) => outcome(() => canonicalJson(value)) === outcome(() => canonicalize(value)),
      ),
      { numRuns: 1000 },
    );
  });

  it('agree on strings with lone surrogates, which both refuse', () => {
    const units = fc.array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 4 });
    fc.assert(
      fc.property(units, (codes) => {
        const value = { [String.fromCharCode(...codes)]: String.fromCharCode(...codes.toReversed()) };
        return outcome(() => canonicalJson(value)) === outcome(() => canonicalize(value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('canonicalJson', () => {
  it('is read back as the same value, and written the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value as JsonValue);
        return canonicalJson(JSON.parse(text) as JsonValue) === text;
      }),
    );
  });

  it('does not depend on the order in which members were put', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        return canonicalJson(value as JsonValue) === canonicalJson(reversed as JsonValue);
      }),
    );
  });
});
