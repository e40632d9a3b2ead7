import { describe, expect, it } from 'vitest';
import { IdentityError } from '../domain/errors.js';
import {
  LONGEST_PASSWORD,
  requireAnotherPassword,
  requireGoodPassword,
  SHORTEST_PASSWORD,
} from './password-quality.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Of so many characters. */
const long = (length: number) => LETTERS.repeat(Math.ceil(length / LETTERS.length)).slice(0, length);

/** @returns the code and the words of a refusal */
function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('a password', () => {
  it.each([
    [long(SHORTEST_PASSWORD), 'ben'],
    [long(LONGEST_PASSWORD), 'ben'],
    ['abcdeabcdeab', 'ben'],
    // Characters count, not what they are stored in.
    ['🔑🔒🗝🚪🪟'.repeat(40), 'ben'],
    ['correct horse battery staple', 'horses'],
  ])('R24: %j of %s is taken', (password, login) => {
    expect(refusalOf(() => requireGoodPassword(password, login))).toBeUndefined();
  });

  it.each([
    ['', 'has 0 characters; take at least 12'],
    [long(SHORTEST_PASSWORD - 1), 'has 11 characters; take at least 12'],
    ['🔑🔒🗝🚪🪟🔑', 'has 6 characters; take at least 12'],
    [long(LONGEST_PASSWORD + 1), 'has 201 characters; take at most 200'],
    ['abcdabcdabcdabcd', 'repeats so few characters that it is easily guessed'],
    [' '.repeat(20), 'repeats so few characters that it is easily guessed'],
    ['i am ben of the team', 'contains the login'],
    ['I AM BEN OF THE TEAM', 'contains the login'],
  ])('R24: %j is refused of ben, saying what to change', (password, why) => {
    expect(refusalOf(() => requireGoodPassword(password, 'ben'))).toBe(`weak-password: the password ${why}`);
  });

  it('R24: contains the login, whatever the case of either', () => {
    expect(refusalOf(() => requireGoodPassword('i am ben of the team', 'Ben'))).toContain(
      'contains the login',
    );
  });

  it('R24: is another one than before, however its characters are composed', () => {
    const before = 'caf\u00e9 horse battery';
    for (const same of [before, 'cafe\u0301 horse battery'])
      expect(refusalOf(() => requireAnotherPassword(same, before))).toBe(
        'weak-password: the password is the one that it was',
      );
    expect(refusalOf(() => requireAnotherPassword(`${before}!`, before))).toBeUndefined();
  });
});
