import { createHash } from 'node:crypto';
import { SnapError } from './errors.js';

/** SHA3-384 of a snap as assertions write it: base64url, 64 characters. To hash a stream, use node's `createHash('sha3-384')`. */
export function snapDigest(bytes: Uint8Array): string {
  return createHash('sha3-384').update(bytes).digest('base64url');
}

/** The form in store JSON, 96 lower-case hex characters, from the form in assertions. @throws SnapError `malformed-digest` */
export function digestToHex(base64url: string): string {
  if (!isSnapDigest(base64url)) throw malformed(base64url);
  return Buffer.from(base64url, 'base64url').toString('hex');
}

/** The form in assertions from the form in store JSON. @throws SnapError `malformed-digest` */
export function digestFromHex(hex: string): string {
  if (!/^[0-9a-f]{96}$/.test(hex)) throw malformed(hex);
  return Buffer.from(hex, 'hex').toString('base64url');
}

/** 48 bytes are 64 characters without padding or spare bits: every such text is a digest, and the only one of it. */
export function isSnapDigest(text: string): boolean {
  return /^[A-Za-z0-9_-]{64}$/.test(text);
}

function malformed(text: string): SnapError {
  return new SnapError('malformed-digest', `${JSON.stringify(text.slice(0, 100))} is no SHA3-384 digest`);
}
