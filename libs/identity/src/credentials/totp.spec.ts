import { expect, it } from 'vitest';
import { base32, codeOf, matchingStep, otpauthUri, stepAt } from './totp.js';

const RFC_SECRET = Buffer.from('12345678901234567890');

// RFC 6238, appendix B: SHA-1, 8 digits.
it.each([
  ['1970-01-01T00:00:59Z', '94287082'],
  ['2005-03-18T01:58:29Z', '07081804'],
  ['2005-03-18T01:58:31Z', '14050471'],
  ['2009-02-13T23:31:30Z', '89005924'],
  ['2033-05-18T03:33:20Z', '69279037'],
  ['2603-10-11T11:33:20Z', '65353130'],
])("R22: has RFC 6238's code at %s", (at, code) => {
  expect(codeOf(RFC_SECRET, stepAt(at), 8)).toBe(code);
});

// RFC 4226, appendix D: 6 digits.
it.each([
  [0, '755224'],
  [1, '287082'],
  [2, '359152'],
  [9, '520489'],
])("R22: has RFC 4226's code for counter %i", (counter, code) => {
  expect(codeOf(RFC_SECRET, counter)).toBe(code);
});

it('R22: takes the code of a step from the step before to the step after, and no other', () => {
  const at = '2026-11-24T08:00:00.000Z';
  const now = stepAt(at);
  const taken = [-2, -1, 0, 1, 2].map((steps) =>
    matchingStep(RFC_SECRET, codeOf(RFC_SECRET, now + steps), at),
  );
  expect(taken).toEqual([undefined, now - 1, now, now + 1, undefined]);
  expect(matchingStep(RFC_SECRET, '', at)).toBeUndefined();
  expect(matchingStep(RFC_SECRET, `${codeOf(RFC_SECRET, now)}0`, at)).toBeUndefined();
});

// RFC 4648, 10, without the padding.
it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('has the base32 of %j', (text, coded) => {
  expect(base32(Buffer.from(text))).toBe(coded);
});

it('names the site and the login for the app', () => {
  expect(otpauthUri(RFC_SECRET, { issuer: 'site.example/log', login: 'ana' })).toBe(
    'otpauth://totp/site.example%2Flog:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=site.example%2Flog',
  );
});
