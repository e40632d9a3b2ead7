import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePublicKey,
  parseAssertion,
  signAssertion,
  SnapError,
  splitAssertions,
  verifyAssertionSignature,
  type HeaderValue,
} from '#snap';
import { newKey } from '../testing/authority.js';
import { fixture } from '../testing/fixture.js';
import { refusal } from '../testing/refusal.js';
import { encodePublicKey } from '../signature/public-key.js';
import { formatHeader, presentNames } from './format-headers.js';
import { parseHeaders } from './parse-headers.js';

const key = newKey();
const publicKey = decodePublicKey(encodePublicKey(key));

const headerName = fc.stringMatching(/^[a-z](-?[a-z0-9]){0,8}$/);
const text = fc
  .oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[ a:\n-]{0,12}$/))
  .filter((value) => value.isWellFormed());
const { value: headerValue } = fc.letrec<{ value: HeaderValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    // Never empty: an empty list or map is the same as none, which no parser can give back.
    fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(headerName, tie('value'), { minKeys: 1, maxKeys: 4 }),
  ),
}));

describe('headers', () => {
  it('parse to what was formatted', () => {
    fc.assert(
      fc.property(
        fc.dictionary(headerName, headerValue, { minKeys: 1, noNullPrototype: true }),
        (headers) => {
          const head = presentNames(headers).map((name) => formatHeader(name, headers[name] ?? ''));

          expect(head.join('\n')).not.toContain('\n\n');
          expect(parseHeaders(head.join('\n'))).toEqual(headers);
        },
      ),
    );
  });
});

describe('an assertion that we signed', () => {
  it('reads back with its headers and body, and verifies', () => {
    const drafts = fc.record({
      headers: fc.dictionary(
        headerName.map((name) => `x-${name}`),
        headerValue,
      ),
      body: text,
    });
    fc.assert(
      fc.property(drafts, ({ headers, body }) => {
        const own = { 'authority-id': 'me', store: 'lab', ...headers };

        const assertion = parseAssertion(signAssertion({ type: 'store', headers: own, body }, key));

        expect(assertion.headers).toMatchObject(own);
        expect(assertion.body.toString()).toBe(body);
        verifyAssertionSignature(assertion, publicKey);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused with any one byte changed', () => {
    const headers = { 'authority-id': 'me', store: 'lab', list: ['a', 'b'] };
    const bytes = signAssertion({ type: 'store', headers, body: 'a body\n\nof two parts' }, key);
    const change = fc.tuple(fc.nat({ max: bytes.length - 2 }), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(change, ([at, difference]) => {
        const tampered = Buffer.from(bytes);
        tampered[at] = (tampered[at] ?? 0) ^ difference;

        expect(() => verifyAssertionSignature(parseAssertion(tampered), publicKey)).toThrow(SnapError);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('splitAssertions', () => {
  const onlySnapErrors = (bytes: Uint8Array): void => {
    // Any other error passes through `refusal`, and fails the property.
    refusal(() => {
      for (const assertion of splitAssertions(bytes)) verifyAssertionSignature(assertion, publicKey);
    });
  };

  it('throws SnapErrors only, on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), onlySnapErrors));
  });

  it('throws SnapErrors only, on assertions with random bytes put in', () => {
    const good = fixture('lab-device.serial');
    const cut = fc.tuple(fc.nat({ max: good.length }), fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 20 }));
    fc.assert(
      fc.property(cut, ([at, removed, inserted]) =>
        onlySnapErrors(Buffer.concat([good.subarray(0, at), inserted, good.subarray(at + removed)])),
      ),
      { numRuns: 1000 },
    );
  });

  it('throws SnapErrors only, on packets of random bytes', () => {
    const [content] = splitAssertions(fixture('lab-device.serial')).map((serial) =>
      serial.content.toString(),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.boolean(), (random, likely) => {
        const start = likely ? [1, 0xc2, random.length + 4, 4, 0, 1, 10] : [];
        const signature = Buffer.from([...start, ...random]).toString('base64');
        onlySnapErrors(Buffer.from(`${content}\n\n${signature}\n`));
        refusal(() => decodePublicKey(signature));
      }),
      { numRuns: 1000 },
    );
  });
});
