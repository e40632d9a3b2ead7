import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { coseKeyOf as coseOf } from '#test/support/security-key';
import { coseKeyOf, publicKeyOf } from './public-key.js';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
const ed25519 = generateKeyPairSync('ed25519').publicKey;
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey;
const cose = (...given: Parameters<typeof coseOf>) => new Uint8Array(coseOf(...given));

it.each([
  ['ES256', p256, -7],
  ['EdDSA', ed25519, -8],
  ['RS256', rsa(2_048), -257],
] as const)('R22: takes a public key of %s, as others read it, and back', (_what, key, algorithm) => {
  const taken = publicKeyOf(cose(key, algorithm));
  const spki = key.export({ format: 'der', type: 'spki' }).toString('base64');
  expect(taken).toEqual({ publicKey: spki, algorithm });
  expect(publicKeyOf(coseKeyOf(taken.publicKey, algorithm))).toEqual(taken);
});

it.each([
  ['an algorithm that the key does not have', p256, -257],
  ['another one', rsa(2_048), -7],
  ['one that is not taken', p256, -35],
  ['RSA of too few bits', rsa(1_024), -257],
  ['RSA with a small exponent', rsa(2_048, 3), -257],
] as const)('R22: takes no key with %s', (_what, key, algorithm) => {
  expect(() => publicKeyOf(cose(key, algorithm))).toThrow(
    expect.objectContaining({ code: 'security-key-refused' }),
  );
});
