import { expect, it } from 'vitest';
import { uuidv7 } from '#kernel';
import { ApiTokens } from './api-tokens.js';
import { tokenInHeader } from './token-in-header.js';

const tokens = new ApiTokens(Buffer.alloc(32, 1));
const id = uuidv7();

it('reads what it made', () => {
  const { text, secretDigest } = tokens.make(id);
  expect(text).toMatch(/^hft_[\w-]{86}$/);
  expect(tokens.read(text)).toEqual({ id, secretDigest });
});

it('makes another secret each time', () => {
  expect(tokens.make(id).secretDigest).not.toBe(tokens.make(id).secretDigest);
});

it('reads nothing that another site made, and nothing that was altered in any place', () => {
  const { text } = tokens.make(id);
  expect(new ApiTokens(Buffer.alloc(32, 2)).read(text)).toBeUndefined();
  for (let i = 0; i < text.length - 1; i++) {
    const other = text[i] === 'A' ? 'B' : 'A';
    expect(tokens.read(`${text.slice(0, i)}${other}${text.slice(i + 1)}`), `place ${i}`).toBeUndefined();
  }
});

it.each(['', 'hft_', 'hfs_AAAA', `hft_${'A'.repeat(86)}`, `hft_${'A'.repeat(5_000)}`])(
  'reads nothing in %j',
  (text) => {
    expect(tokens.read(text)).toBeUndefined();
  },
);

it.each([
  'Bearer hft_a-B_1',
  'bearer hft_a-B_1',
  'Token hft_a-B_1',
  'Macaroon hft_a-B_1',
  'macaroon hft_a-B_1',
  'Macaroon root="hft_a-B_1"',
  'Macaroon root="hft_a-B_1", discharge="TUF+Y2/F=="',
  'Macaroon root=hft_a-B_1,discharge=x',
])('finds the token in %j', (header) => {
  expect(tokenInHeader(header)).toBe('hft_a-B_1');
});

it.each([
  '',
  'hft_a',
  'Basic aGZ0X2E6',
  'Bearer hft_a, Bearer hft_b',
  'Macaroon discharge="hft_a"',
  'Macaroon root="hft_a" extra',
  `Macaroon root="${'a'.repeat(300)}"`,
])('finds none in %j', (header) => {
  expect(tokenInHeader(header)).toBeUndefined();
});
