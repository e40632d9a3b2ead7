import type { DeliveryRecord } from './record.js';

/** Bytes of records in one event: with its head and envelope it stays below 65,535. */
const MOST_BYTES = 60_000;

/** Parts, in order, each small enough for an event. */
export function splitRecords(records: readonly DeliveryRecord[]): readonly (readonly DeliveryRecord[])[] {
  const parts: DeliveryRecord[][] = [[]];
  let bytes = 0;
  for (const record of records) {
    // Records are ASCII (read-record.ts): a character is a byte.
    const size = JSON.stringify(record).length + 1;
    if (bytes + size > MOST_BYTES && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(record);
    bytes += size;
  }
  return parts;
}
