import { randomUUID } from 'node:crypto';

/** A UUIDv7 (RFC 9562, 5.7): people and events. Sorts by the millisecond of its making. */
export function uuidv7(now: number = Date.now()): string {
  const milliseconds = now.toString(16).padStart(12, '0');
  // A version 4 is random where a version 7 is, in the same variant.
  const random = randomUUID();
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${random.slice(15)}`;
}
