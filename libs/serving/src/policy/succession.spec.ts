import { describe, expect, it } from 'vitest';
import { succeeds } from './succession.js';
import type { VerifiedPolicy } from './signed-policy.js';

function policy(position: string, text = 'a'): VerifiedPolicy {
  return {
    signed: { document: Buffer.from(text), note: '' },
    document: { v: 1, origin: 'o', ring: 'default', access: 'open', position, root: '', entries: [] },
  };
}

describe('succeeds', () => {
  it.each<[string, VerifiedPolicy | undefined, VerifiedPolicy, boolean]>([
    ['the first', undefined, policy('0'), true],
    ['a higher position', policy('9'), policy('10'), true],
    ['a position past what a number holds', policy('9007199254740992'), policy('9007199254740993'), true],
    ['the same again', policy('9'), policy('9'), false],
  ])('%s', (_, current, next, expected) => {
    expect(succeeds(current, next)).toBe(expected);
  });

  it.each<[string, VerifiedPolicy, VerifiedPolicy, string]>([
    ['a lower position', policy('10'), policy('9'), 'policy-rolled-back'],
    ['the same position with other bytes', policy('9'), policy('9', 'b'), 'policy-forked'],
  ])('refuses %s', (_, current, next, code) => {
    expect(() => succeeds(current, next)).toThrow(expect.objectContaining({ code }));
  });
});
