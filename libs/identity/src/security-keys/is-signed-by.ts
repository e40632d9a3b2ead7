import { createHash, createPublicKey, verify } from 'node:crypto';
import type { SecurityKey } from '../domain/person/events.js';
import type { Assertion } from './key-answer.js';

/** Whether the key made the signature (W3C WebAuthn, 7.2, step 20), by what an event keeps of it. */
export function isSignedBy(
  { publicKey, algorithm }: Pick<SecurityKey, 'publicKey' | 'algorithm'>,
  { authenticatorData, clientDataJSON, signature }: Assertion,
): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const clientDataHash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
  const signed = Buffer.concat([Buffer.from(authenticatorData, 'base64url'), clientDataHash]);
  // EdDSA hashes by itself.
  return verify(algorithm === -8 ? null : 'sha256', signed, key, Buffer.from(signature, 'base64url'));
}
