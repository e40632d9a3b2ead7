import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { canonicalJson, type JsonValue } from '#kernel';
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

/** What stands in a file of the spool. */
interface Contents {
  /** Records, each in its canonical form. */
  readonly lines: readonly string[];
  readonly bytes: number;
  readonly since: string | null;
}

const COMMA = 0x2c;

/**
 * The whole lines of a segment that this process has written, with commas in place of their ends: half a line is written only at its end. Never a text: of
 * what is as long as a batch, each copy costs the collector of garbage more than what is done with it.
 * Read at once: it is as long as a batch at most, and still in the memory that it was written to.
 */
export function writtenRecords(file: string): Buffer {
  const bytes = readFileSync(file);
  const whole = bytes.subarray(0, Math.max(0, bytes.lastIndexOf('\n')));
  for (let at = whole.indexOf('\n'); at !== -1; at = whole.indexOf('\n', at)) whole[at] = COMMA;
  return whole;
}

/**
 * Of a segment that another process has written, the lines that are records, in their canonical form: a power cut may leave anything after what the disk
 * was asked to keep, and an earlier version had its own spelling.
 */
export async function checkedContents(file: string): Promise<Contents> {
  const lines = (await readFile(file, 'latin1')).split('\n').slice(0, -1);
  const records = lines.flatMap(recordOf);
  const { size } = await stat(file);
  return { lines: records.map(canonicalJson), bytes: size, since: records[0]?.at ?? null };
}

function recordOf(line: string): DeliveryRecord[] {
  try {
    return [readRecord(MessageReader.of(JSON.parse(line) as JsonValue, ''))];
  } catch (error) {
    if (error instanceof FleetError || error instanceof SyntaxError) return [];
    throw error;
  }
}
