import { expect, it } from 'vitest';
import { TotpSeals } from './totp-seals.js';

const seals = new TotpSeals(Buffer.alloc(32, 1));
const secret = Buffer.from('12345678901234567890');

it('opens what it sealed for that credential of that person, and nothing else', () => {
  const sealed = seals.seal('ana', 'credential-1', secret);
  expect(seals.open('ana', 'credential-1', sealed)).toEqual(secret);
  expect(sealed).not.toContain(secret.toString('base64url'));
  expect(seals.open('ben', 'credential-1', sealed)).toBeUndefined();
  expect(seals.open('ana', 'credential-2', sealed)).toBeUndefined();
  expect(new TotpSeals(Buffer.alloc(32, 2)).open('ana', 'credential-1', sealed)).toBeUndefined();
  const altered = sealed.replace(/.(?=.{10}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
  expect(seals.open('ana', 'credential-1', altered)).toBeUndefined();
  expect(seals.open('ana', 'credential-1', '$argon2id$v=19$m=19456')).toBeUndefined();
  expect(seals.open('ana', 'credential-1', 'totp-v1:')).toBeUndefined();
});
