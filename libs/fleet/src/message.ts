import { canonicalBytes, type JsonObject } from '#kernel';
import { privateKeyOfSeed, publicKeyOfRaw, rawPublicKey, signBytes, verifyBytes } from '#tlog/ed25519';
import { FleetError } from './errors.js';

/** Whatever a node signs says what it is and which node it is of: no signature of one kind is good for another. */
export type MessageKind = 'enrolment' | 'heartbeat' | 'deliveries';

/** What a node sends. The signature is over the canonical bytes (RFC 8785) of `message`, however it was spelled on the way. */
export interface SignedMessage {
  readonly message: JsonObject;
  /** Ed25519, 64 bytes in base64. */
  readonly signature: string;
}

/** A node's own key. */
export interface NodeKey {
  /** 32 bytes in base64. */
  readonly publicKey: string;
  sign(message: JsonObject): SignedMessage;
}

/** @param seed 32 bytes */
export function nodeKey(seed: Uint8Array): NodeKey {
  const key = privateKeyOfSeed(seed);
  return {
    publicKey: rawPublicKey(key).toString('base64'),
    sign: (message) => ({ message, signature: signBytes(key, canonicalBytes(message)).toString('base64') }),
  };
}

/** Whether `signature` is of `publicKey` (32 bytes in base64) over the canonical bytes. Never throws for what a sender chose. */
export function isSigned({ message, signature }: SignedMessage, publicKey: string): boolean {
  const raw = Buffer.from(publicKey, 'base64');
  if (raw.length !== 32) return false;
  return verifyBytes(publicKeyOfRaw(raw), canonicalBytes(message), Buffer.from(signature, 'base64'));
}

/** @throws FleetError `node-signature-refused` */
export function requireSigned(signed: SignedMessage, publicKey: string): void {
  if (isSigned(signed, publicKey)) return;
  throw new FleetError(
    'node-signature-refused',
    'the message is not signed with the key of the node that it names',
  );
}
