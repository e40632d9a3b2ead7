import { ReleaseControlError } from '../domain/errors.js';
import { ACCESS } from '../access.js';
import type { PolicyDocument, PolicyEntry, PolicySubject } from './document.js';

const MEMBERS = ['v', 'origin', 'ring', 'access', 'position', 'root', 'entries'];
const LISTS = ['denied', 'allowed', 'blocked'];

/** The lists of each version. */
const LISTS_OF: ReadonlyMap<unknown, readonly string[]> = new Map([
  [1, []],
  [2, LISTS],
  [3, [...LISTS, 'halted']],
]);

/**
 * Reads a document's bytes and checks its whole shape: they may come from an edited row. A member that this release does not know was written by a
 * later one, and may narrow what devices may have: such a document is refused rather than obeyed in part.
 * @throws ReleaseControlError `policy-malformed`
 */
export function parsePolicy(bytes: Uint8Array): PolicyDocument {
  const value = jsonIn(bytes);
  const lists = isRecord(value) ? LISTS_OF.get(value['v']) : undefined;
  if (!isRecord(value) || lists === undefined) throw malformedPolicy('v is neither 1, 2 nor 3');
  const says = value['v'] === 3 ? ['ringHalted'] : [];
  requireKnownMembers(value, [...MEMBERS, ...lists, ...says], '');
  for (const name of says)
    if (typeof value[name] !== 'boolean') throw malformedPolicy(`${name} is neither true nor false`);
  for (const name of ['origin', 'ring', 'root'] as const) requireString(value, name, '');
  if (!isPosition(value['position'])) throw malformedPolicy('position is not a decimal number');
  if (!ACCESS.some((access) => access === value['access']))
    throw malformedPolicy('access is neither open nor gated');
  requireList(value, 'entries', checkEntry);
  for (const list of lists) requireList(value, list, checkSubject);
  return value as unknown as PolicyDocument;
}

/** @throws ReleaseControlError `policy-malformed` */
export function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ReleaseControlError('policy-malformed', 'the policy document is not JSON in UTF-8', { cause });
  }
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

const SUBJECT_STRINGS = ['format', 'subject', 'name'] as const satisfies (keyof PolicySubject)[];

function checkEntry(entry: Record<string, unknown>, at: string): void {
  requireKnownMembers(entry, ENTRY_STRINGS, at);
  for (const name of ENTRY_STRINGS) requireString(entry, name, at);
  if (!/^[0-9a-f]{64}$/.test(String(entry['manifest'])))
    throw malformedPolicy(`${at}manifest is not a SHA-256`);
}

function checkSubject(subject: Record<string, unknown>, at: string): void {
  requireKnownMembers(subject, SUBJECT_STRINGS, at);
  for (const name of SUBJECT_STRINGS) requireString(subject, name, at);
}

function requireList(
  value: Record<string, unknown>,
  name: string,
  check: (item: Record<string, unknown>, at: string) => void,
): void {
  const list = value[name];
  if (!Array.isArray(list)) throw malformedPolicy(`${name} is not a list`);
  list.forEach((item: unknown, i) => {
    if (!isRecord(item)) throw malformedPolicy(`${name}[${i}] is not an object`);
    check(item, `${name}[${i}].`);
  });
}

/** @throws ReleaseControlError `policy-malformed` */
export function requireKnownMembers(
  value: Record<string, unknown>,
  known: readonly string[],
  at: string,
): void {
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown !== undefined) throw malformedPolicy(`${at}${unknown} is not known to this release`);
}

function requireString(value: Record<string, unknown>, name: string, at: string): void {
  if (typeof value[name] !== 'string') throw malformedPolicy(`${at}${name} is not a string`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPosition(value: unknown): value is string {
  return typeof value === 'string' && /^(0|[1-9][0-9]{0,18})$/.test(value);
}

export function malformedPolicy(what: string): ReleaseControlError {
  return new ReleaseControlError('policy-malformed', `the policy document's ${what}`);
}
