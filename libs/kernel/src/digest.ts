import { createHash } from 'node:crypto';
import { canonicalBytes, type JsonValue } from './canonical-json.js';

/** SHA-256 as 64 lower-case hex characters: how events, manifests and kept blobs are named. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest that a signature is bound to: SHA-256 of the record's canonical bytes (R19). */
export function recordDigest(record: JsonValue): string {
  return sha256Hex(canonicalBytes(record));
}
