import { canonicalBytes, sha256Hex, type JsonObject } from '#kernel';
import { privateKeyOfSeed, publicKeyOfRaw, rawPublicKey, signBytes, verifyBytes } from '#tlog/ed25519';
import { FleetError } from './errors.js';

/** Whatever a node signs says what it is and which node it is of: no signature of one kind is good for another. */
export type MessageKind = 'enrolment' | 'heartbeat' | 'deliveries' | 'key-renewal' | 'new-key';

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
  /** @param bytes a message, in its canonical form @returns the signed message as JSON, in which those bytes stand */
  signCanonical(bytes: Uint8Array): Buffer;
}

/** @param seed 32 bytes */
export function nodeKey(seed: Uint8Array): NodeKey {
  const key = privateKeyOfSeed(seed);
  const signature = (bytes: Uint8Array): string => signBytes(key, bytes).toString('base64');
  return {
    publicKey: rawPublicKey(key).toString('base64'),
    sign: (message) => ({ message, signature: signature(canonicalBytes(message)) }),
    signCanonical: (bytes) =>
      Buffer.concat([Buffer.from('{"message":'), bytes, Buffer.from(`,"signature":"${signature(bytes)}"}`)]),
  };
}

/** What the new key of a renewal signs: whoever asks for it holds it. */
export function newKeyMessage(node: string, publicKey: string): JsonObject {
  return { kind: 'new-key', node, publicKey };
}

/**
 * `publicKey` is 32 bytes in base64; what a sender chose makes it refuse, and nothing else.
 * @returns the digest of what was signed: SHA-256 of the canonical bytes, hex
 * @throws FleetError `node-signature-refused`
 */
export function requireSigned({ message, signature }: SignedMessage, publicKey: string): string {
  const raw = Buffer.from(publicKey, 'base64');
  const bytes = canonicalBytes(message);
  if (raw.length === 32 && verifyBytes(publicKeyOfRaw(raw), bytes, Buffer.from(signature, 'base64')))
    return sha256Hex(bytes);
  throw new FleetError(
    'node-signature-refused',
    'the message is not signed with the key of the node that it names',
  );
}
