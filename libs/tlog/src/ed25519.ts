import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { TlogError } from './errors.js';

/** DER around 32 raw bytes (RFC 8410): what node:crypto wants, where notes hold raw keys. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @throws TlogError `malformed-key` unless the seed has 32 bytes */
export function privateKeyOfSeed(seed: Uint8Array): KeyObject {
  if (seed.length !== 32)
    throw new TlogError('malformed-key', `an Ed25519 seed has 32 bytes, not ${seed.length}`);
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

/** @throws TlogError `malformed-key` unless the key has 32 bytes */
export function publicKeyOfRaw(raw: Uint8Array): KeyObject {
  if (raw.length !== 32)
    throw new TlogError('malformed-key', `an Ed25519 public key has 32 bytes, not ${raw.length}`);
  return createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
}

export function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

export function signBytes(key: KeyObject, message: Uint8Array): Buffer {
  return sign(null, message, key);
}

export function verifyBytes(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, message, key, signature);
}
