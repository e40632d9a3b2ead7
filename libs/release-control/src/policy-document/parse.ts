import { ReleaseControlError } from '../domain/errors.js';
import type { PolicyDocument, PolicyEntry } from './document.js';

/** Reads a document's bytes and checks its whole shape: they may come from an edited row. @throws ReleaseControlError `policy-malformed` */
export function parsePolicy(bytes: Uint8Array): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ReleaseControlError('policy-malformed', 'the policy document is not JSON in UTF-8', { cause });
  }
  if (!isObject(value) || value['v'] !== 1) throw malformed('v is not 1');
  for (const name of ['origin', 'ring', 'root'] as const) requireString(value, name, '');
  if (!isPosition(value['position'])) throw malformed('position is not a decimal number');
  if (value['access'] !== 'open' && value['access'] !== 'gated')
    throw malformed('access is neither open nor gated');
  const entries = value['entries'];
  if (!Array.isArray(entries)) throw malformed('entries is not a list');
  entries.forEach((entry: unknown, i) => checkEntry(entry, `entries[${i}].`));
  return value as unknown as PolicyDocument;
}

const ENTRY_STRINGS = [
  'format',
  'subject',
  'channel',
  'architecture',
  'name',
  'version',
  'manifest',
] as const satisfies (keyof PolicyEntry)[];

function checkEntry(entry: unknown, at: string): void {
  if (!isObject(entry)) throw malformed(`${at} is not an object`);
  for (const name of ENTRY_STRINGS) requireString(entry, name, at);
  if (!/^[0-9a-f]{64}$/.test(String(entry['manifest']))) throw malformed(`${at}manifest is not a SHA-256`);
}

function requireString(value: Record<string, unknown>, name: string, at: string): void {
  if (typeof value[name] !== 'string') throw malformed(`${at}${name} is not a string`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is string {
  return typeof value === 'string' && /^(0|[1-9][0-9]{0,18})$/.test(value);
}

function malformed(what: string): ReleaseControlError {
  return new ReleaseControlError('policy-malformed', `the policy document's ${what}`);
}
