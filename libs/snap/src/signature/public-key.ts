import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SnapError } from '../errors.js';
import { readMpi, writeMpi } from '../openpgp/mpi.js';
import { PUBLIC_KEY_TAG, readOnlyPacket, writePacket } from '../openpgp/packet.js';
import { decodeText, encodeText, ENCODING_VERSION } from '../openpgp/text.js';

/** Version 4; a creation time that is always 2016-01-01T00:00:00Z, so that the id depends on the key alone; algorithm 1, RSA. */
const KEY_HEAD = Buffer.from([4, 0x56, 0x85, 0xc1, 0x80, 1]);
const MIN_MODULUS_BYTES = 2048 / 8;
/** Canonical's root has 8192 bits. More only costs whoever verifies. */
const MAX_MODULUS_BYTES = 8192 / 8;
const MAX_EXPONENT_BYTES = 8;

/**
 * A public key as it stands in an account-key's body or a serial's `device-key`.
 *
 * @throws SnapError `malformed-key` when it is no RSA key
 */
export function encodePublicKey(key: KeyObject): string {
  return encodeText(packetOf(key));
}

/** The key's id: base64url SHA3-384 of its encoding (protocol page §10), 64 characters. Of a private key: its public half's. */
export function keyId(key: KeyObject): string {
  const encoding = Buffer.concat([Buffer.from([ENCODING_VERSION]), packetOf(key)]);
  return createHash('sha3-384').update(encoding).digest('base64url');
}

/** @throws SnapError `malformed-key` */
export function decodePublicKey(text: string): KeyObject {
  const packet = readOnlyPacket(decodeText(text, 'malformed-key'), PUBLIC_KEY_TAG, 'malformed-key');
  if (!packet.subarray(0, KEY_HEAD.length).equals(KEY_HEAD)) {
    throw new SnapError('malformed-key', "not an RSA key of version 4 with snapd's creation time");
  }
  const n = readMpi(packet, KEY_HEAD.length, 'malformed-key');
  const e = readMpi(packet, n.end, 'malformed-key');
  if (e.end !== packet.length) throw new SnapError('malformed-key', 'the key packet goes on behind the key');
  checkStrength(n.value, e.value);
  return importKey(n.value, e.value);
}

function checkStrength(modulus: Buffer, exponent: Buffer): void {
  if (modulus.length < MIN_MODULUS_BYTES || modulus.length > MAX_MODULUS_BYTES) {
    throw new SnapError('malformed-key', `an RSA key of about ${modulus.length * 8} bits`);
  }
  const last = exponent.at(-1) ?? 0;
  const isOne = exponent.length === 1 && last === 1;
  if (exponent.length > MAX_EXPONENT_BYTES || last % 2 === 0 || isOne) {
    throw new SnapError('malformed-key', 'an RSA key with an exponent that proves nothing');
  }
}

function importKey(n: Buffer, e: Buffer): KeyObject {
  const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') };
  try {
    return createPublicKey({ format: 'jwk', key: jwk });
  } catch (cause) {
    throw new SnapError('malformed-key', 'not an RSA public key', undefined, { cause });
  }
}

function packetOf(key: KeyObject): Buffer {
  const { kty, n, e } = key.export({ format: 'jwk' });
  if (kty !== 'RSA' || n === undefined || e === undefined)
    throw new SnapError('malformed-key', 'assertions are signed by RSA keys');
  const numbers = [n, e].map((part) => writeMpi(Buffer.from(part, 'base64url')));
  return writePacket(PUBLIC_KEY_TAG, Buffer.concat([KEY_HEAD, ...numbers]));
}
