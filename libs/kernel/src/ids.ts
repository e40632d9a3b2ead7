import { createHash, randomUUID } from 'node:crypto';

/** A UUIDv7 (RFC 9562, 5.7): people and events. Sorts by the millisecond of its making. */
export function uuidv7(now: number = Date.now()): string {
  const milliseconds = now.toString(16).padStart(12, '0');
  // A version 4 is random where a version 7 is, in the same variant.
  const random = randomUUID();
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${random.slice(15)}`;
}

/** The same UUIDv8 (RFC 9562, 5.8) for the same words, and for no others: SHA-256 over them as JSON, the first 122 bits that a UUID has place for. */
export function uuidOf(...words: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(words)).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
