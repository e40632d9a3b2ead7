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
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ReleaseControlError('policy-malformed', 'the policy document is not JSON in UTF-8', { cause });
  }
  const lists = isObject(value) ? LISTS_OF.get(value['v']) : undefined;
  if (!isObject(value) || lists === undefined) throw malformed('v is neither 1, 2 nor 3');
  const says = value['v'] === 3 ? ['ringHalted'] : [];
  requireKnown(value, [...MEMBERS, ...lists, ...says], '');
  for (const name of says)
    if (typeof value[name] !== 'boolean') throw malformed(`${name} is neither true nor false`);
  for (const name of ['origin', 'ring', 'root'] as const) requireString(value, name, '');
  if (!isPosition(value['position'])) throw malformed('position is not a decimal number');
  if (!ACCESS.some((access) => access === value['access']))
    throw malformed('access is neither open nor gated');
  requireList(value, 'entries', checkEntry);
  for (const list of lists) requireList(value, list, checkSubject);
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

const SUBJECT_STRINGS = ['format', 'subject', 'name'] as const satisfies (keyof PolicySubject)[];

function checkEntry(entry: Record<string, unknown>, at: string): void {
  requireKnown(entry, ENTRY_STRINGS, at);
  for (const name of ENTRY_STRINGS) requireString(entry, name, at);
  if (!/^[0-9a-f]{64}$/.test(String(entry['manifest']))) throw malformed(`${at}manifest is not a SHA-256`);
}

function checkSubject(subject: Record<string, unknown>, at: string): void {
  requireKnown(subject, SUBJECT_STRINGS, at);
  for (const name of SUBJECT_STRINGS) requireString(subject, name, at);
}

function requireList(
  value: Record<string, unknown>,
  name: string,
  check: (item: Record<string, unknown>, at: string) => void,
): void {
  const list = value[name];
  if (!Array.isArray(list)) throw malformed(`${name} is not a list`);
  list.forEach((item: unknown, i) => {
    if (!isObject(item)) throw malformed(`${name}[${i}] is not an object`);
    check(item, `${name}[${i}].`);
  });
}

function requireKnown(value: Record<string, unknown>, known: readonly string[], at: string): void {
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown !== undefined) throw malformed(`${at}${unknown} is not known to this release`);
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
