import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { HandOverCodes } from './hand-over-codes.js';

const codes = new HandOverCodes(Buffer.alloc(32, 1));
const at = '2026-11-24T08:00:00.000Z';
const verifier = 'what only the command line knows, 43 characters';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const code = codes.make({ person: 'ben', session: 's', challenge }, at);
const altered = code.replace(/.(?=.{10}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));

it('R28: a code hands the session over to who has the verifier, for a minute', () => {
  expect(codes.open(code, verifier, '2026-11-24T08:00:59.999Z')).toEqual({ person: 'ben', session: 's' });
  expect(code).not.toContain(Buffer.from('ben').toString('base64url'));
});

it.each([
  ['another verifier', code, 'another', at],
  ['a minute later', code, verifier, '2026-11-24T08:01:00.000Z'],
  ['a code that is none', 'hfh_AAAA', verifier, at],
  ['a code that was altered', altered, verifier, at],
  ['a session token', 'hfs_AAAA', verifier, at],
])('R28: and not with %s', (_what, given, proof, when) => {
  expect(() => codes.open(given, proof, when)).toThrow(expect.objectContaining({ code: 'not-signed-in' }));
});

it('R28: and not one of another site', () => {
  expect(() => new HandOverCodes(Buffer.alloc(32, 2)).open(code, verifier, at)).toThrow(
    expect.objectContaining({ code: 'not-signed-in' }),
  );
});
