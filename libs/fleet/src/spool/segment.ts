import { readFile } from 'node:fs/promises';
import type { JsonValue } from '#kernel';
import type { DeliveryRecord } from '../domain/deliveries/record.js';
import { FleetError } from '../errors.js';
import { MessageReader } from '../message-reader.js';
import { readRecord } from '../read-record.js';

/** A file of the spool. */
export interface Segment {
  readonly number: number;
  readonly bytes: number;
  readonly records: number;
  /** When its first record was made, RFC 3339 UTC; null when it has none. */
  readonly since: string | null;
}

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.jsonl`;
}

/** Undefined for a file that is no segment. */
export function segmentNumber(name: string): number | undefined {
  return /^[0-9]{12}\.jsonl$/.test(name) ? Number(name.slice(0, 12)) : undefined;
}

/** The whole lines of a segment that are records. A process that was killed leaves half a line at its end. */
export async function readSegment(
  file: string,
): Promise<{ readonly records: readonly DeliveryRecord[]; readonly bytes: number }> {
  const text = await readFile(file, 'latin1');
  const lines = text.split('\n').slice(0, -1);
  return { records: lines.flatMap(recordOf), bytes: text.length };
}

function recordOf(line: string): DeliveryRecord[] {
  try {
    return [readRecord(MessageReader.of(JSON.parse(line) as JsonValue, ''))];
  } catch (error) {
    if (error instanceof FleetError || error instanceof SyntaxError) return [];
    throw error;
  }
}
