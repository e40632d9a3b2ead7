import { createHash, type KeyObject } from 'node:crypto';
import { decodeBase64 } from './base64.js';
import { cosignedMessage } from './cosignature.js';
import { privateKeyOfSeed, publicKeyOfRaw, rawPublicKey, signBytes, verifyBytes } from './ed25519.js';
import { TlogError } from './errors.js';

/** C2SP signed-note v1.0.0 and tlog-cosignature v1.0.1: what a signature of the key says. */
const ALGORITHM = { note: 1, cosignature: 4 } as const;
type Algorithm = (typeof ALGORITHM)[keyof typeof ALGORITHM];

export interface NoteSigner {
  readonly name: string;
  /** The public half, as it is handed to verifiers: `<name>+<key id>+<base64>`. */
  readonly vkey: string;
  /** @returns one signature line over `text`, ended by a newline */
  sign(text: string): string;
}

export interface NoteVerifier {
  readonly name: string;
  /** The first four bytes of SHA-256(name || "\n" || algorithm || key), big endian. */
  readonly keyId: number;
  readonly vkey: string;
  /** `signature` is what stands behind the key id in a signature line. */
  verifies(text: string, signature: Uint8Array): boolean;
}

/** A name is a URL without a schema: no space, no plus, nothing that a line could not hold. */
export function isKeyName(name: string): boolean {
  return name.isWellFormed() && /^[^\s+\p{Cc}\p{Z}]+$/u.test(name);
}

/** Signs notes as a log does. @throws TlogError `malformed-key` for a bad name or a seed that hasn't 32 bytes */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  const { key, id, vkey } = signingKey(name, seed, ALGORITHM.note);
  return { name, vkey, sign: (text) => signatureLine(name, id, signBytes(key, Buffer.from(text))) };
}

/** Cosigns checkpoints as a witness does, at `time()`, in POSIX seconds. One key per witness, used for nothing else. */
export function cosigner(name: string, seed: Uint8Array, time: () => bigint): NoteSigner {
  const { key, id, vkey } = signingKey(name, seed, ALGORITHM.cosignature);
  const sign = (text: string): string => {
    const seconds = time();
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(seconds);
    return signatureLine(name, id, Buffer.concat([stamp, signBytes(key, cosignedMessage(seconds, text))]));
  };
  return { name, vkey, sign };
}

/** Reads a public key. @throws TlogError `malformed-key`, also when the key id isn't that of the key */
export function noteVerifier(vkey: string): NoteVerifier {
  // Base64 has a plus of its own, names have none.
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(vkey) ?? [];
  const bytes = decodeBase64(encoded);
  const algorithm = bytes?.[0];
  if (!isKeyName(name) || !bytes) throw new TlogError('malformed-key', `not a vkey: ${vkey}`);
  if (algorithm !== ALGORITHM.note && algorithm !== ALGORITHM.cosignature) {
    throw new TlogError(
      'malformed-key',
      `the key of ${name} is of a kind that is not known here: ${algorithm}`,
    );
  }
  const raw = bytes.subarray(1);
  const key = publicKeyOfRaw(raw);
  const keyId = keyIdOf(name, algorithm, raw);
  if (id !== hex8(keyId))
    throw new TlogError('malformed-key', `the key of ${name} has the id ${hex8(keyId)}, not ${id}`);
  const verifies = algorithm === ALGORITHM.note ? verifiesNote : verifiesCosignature;
  return { name, keyId, vkey, verifies: (text, signature) => verifies(key, text, signature) };
}

function verifiesNote(key: KeyObject, text: string, signature: Uint8Array): boolean {
  return verifyBytes(key, Buffer.from(text), signature);
}

function verifiesCosignature(key: KeyObject, text: string, signature: Uint8Array): boolean {
  if (signature.length !== 72) return false;
  const seconds = Buffer.from(signature).readBigUInt64BE();
  // tlog-cosignature: "MUST NOT exceed 2^63 - 1".
  return seconds < 1n << 63n && verifyBytes(key, cosignedMessage(seconds, text), signature.subarray(8));
}

function signingKey(name: string, seed: Uint8Array, algorithm: Algorithm) {
  if (!isKeyName(name)) throw new TlogError('malformed-key', `${JSON.stringify(name)} cannot name a key`);
  const key = privateKeyOfSeed(seed);
  const raw = rawPublicKey(key);
  const id = keyIdOf(name, algorithm, raw);
  const encoded = Buffer.concat([Buffer.of(algorithm), raw]).toString('base64');
  return { key, id, vkey: `${name}+${hex8(id)}+${encoded}` };
}

function keyIdOf(name: string, algorithm: Algorithm, raw: Uint8Array): number {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(algorithm))
    .update(raw)
    .digest()
    .readUInt32BE(0);
}

function hex8(id: number): string {
  return id.toString(16).padStart(8, '0');
}

function signatureLine(name: string, id: number, signature: Uint8Array): string {
  const keyId = Buffer.alloc(4);
  keyId.writeUInt32BE(id);
  return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}
