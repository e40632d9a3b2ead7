import {
  isPosition,
  isRecord,
  jsonIn,
  malformedPolicy,
  requireKnownMembers,
} from '../policy-document/parse.js';
import { readNetwork } from '#kernel';
import { readDeviceName } from '#snap';
import type { MembershipDocument } from './document.js';

const MEMBERS = ['v', 'origin', 'position', 'root', 'rings', 'rules', 'lists'];
const RULE = ['ring', 'name', 'of', 'network', 'host'];
const RULES_OF: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['serial', ['brand', 'model', 'serial']],
  ['model', ['brand', 'model']],
  ['list', ['list', 'version', 'digest', 'count']],
]);
const COUNTS = ['version', 'count'];

/**
 * Reads a membership document's bytes and checks its whole shape. One with anything that this release does not know is refused rather than obeyed in
 * part: it may keep devices out of a ring.
 * @throws ReleaseControlError `policy-malformed`
 */
export function parseMembership(bytes: Uint8Array): MembershipDocument {
  const value = jsonIn(bytes);
  if (!isRecord(value) || value['v'] !== 1) throw malformed('v is not 1');
  requireKnownMembers(value, MEMBERS, 'membership ');
  requireStrings(value, ['origin', 'root'], '');
  if (!isPosition(value['position'])) throw malformed('position is not a decimal number');
  requireStringsIn(value['rings'], 'rings');
  const lists = recordsIn(value['lists'], 'lists').map(listIn);
  for (const [i, rule] of recordsIn(value['rules'], 'rules').entries())
    checkRule(rule, `rules[${i}].`, lists);
  return value as unknown as MembershipDocument;
}

function checkRule(rule: Record<string, unknown>, at: string, lists: readonly string[]): void {
  const words = RULES_OF.get(rule['of']);
  if (!words) throw malformed(`${at}of is none that this release knows`);
  requireKnownMembers(rule, [...RULE, ...words], `membership ${at}`);
  requireStrings(rule, ['ring', 'name', ...words.filter((word) => !COUNTS.includes(word))], at);
  const { network, host } = rule;
  if (network !== undefined && (typeof network !== 'string' || typeof readNetwork(network) === 'string'))
    throw malformed(`${at}network is none`);
  if (host !== undefined && typeof host !== 'string') throw malformed(`${at}host is not a string`);
  if (rule['of'] === 'list' && !lists.includes(`${String(rule['list'])} ${String(rule['version'])}`))
    throw malformed(`${at}list is not among its lists`);
}

function listIn(list: Record<string, unknown>, i: number): string {
  const at = `lists[${i}].`;
  requireKnownMembers(list, ['list', 'version', 'devices'], `membership ${at}`);
  requireStrings(list, ['list'], at);
  if (!Number.isSafeInteger(list['version'])) throw malformed(`${at}version is no number`);
  for (const device of requireStringsIn(list['devices'], `${at}devices`))
    if (!readDeviceName(device)) throw malformed(`${at}devices holds what is no device`);
  return `${String(list['list'])} ${String(list['version'])}`;
}

function requireStrings(value: Record<string, unknown>, names: readonly string[], at: string): void {
  for (const name of names)
    if (typeof value[name] !== 'string') throw malformed(`${at}${name} is not a string`);
}

function requireStringsIn(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw malformed(`${name} is not a list of strings`);
}

function recordsIn(value: unknown, name: string): readonly Record<string, unknown>[] {
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw malformed(`${name} is not a list of objects`);
}

function malformed(what: string): ReturnType<typeof malformedPolicy> {
  return malformedPolicy(`membership ${what}`);
}
