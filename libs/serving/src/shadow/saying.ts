import type { JsonObject, JsonValue } from '#kernel';
import { isObject } from '../answer/refresh-results.js';

/** What an answer says of one thing that it was asked: an action, a channel, a found snap, an assertion. */
export interface Saying {
  readonly snapId: string | undefined;
  readonly name: string;
  /** The channel and the architecture, as far as it is about one of them. */
  readonly where: string;
  /** `revision 2`, `error name-not-found`, `no update`: compared in any case. */
  readonly what: string;
  /** Compared as far as both have it: an answer has the members that were asked for. */
  readonly members: Readonly<Record<string, string>>;
}

/** By what was asked. */
export type Sayings = ReadonlyMap<string, Saying>;

/** What two answers say differently of the same. */
export interface Differing {
  readonly snapId: string | undefined;
  readonly name: string;
  readonly where: string;
  readonly incumbent: string;
  readonly ours: string;
}

/** Of what both speak; each side says what it says of what it does not name (`lacking`), or nothing about it counts. */
export function differing(
  incumbent: Sayings,
  ours: Sayings,
  lacking: (of: Saying) => string | undefined,
): readonly Differing[] {
  const keys = new Set([...incumbent.keys(), ...ours.keys()]);
  return [...keys].flatMap((key) => {
    const [theirs, own] = [incumbent.get(key), ours.get(key)];
    const known = theirs ?? own;
    if (known === undefined) return [];
    const absent = lacking(known);
    const [left, right] = [theirs ?? without(known, absent), own ?? without(known, absent)];
    return left && right ? differ(left, right) : [];
  });
}

function without(of: Saying, what: string | undefined): Saying | undefined {
  return what === undefined ? undefined : { ...of, what, members: {} };
}

function differ(theirs: Saying, own: Saying): Differing[] {
  const names = Object.keys(theirs.members).filter(
    (name) => own.members[name] !== undefined && own.members[name] !== theirs.members[name],
  );
  if (theirs.what === own.what && names.length === 0) return [];
  const told = ({ what, members }: Saying): string =>
    [what, ...names.map((name) => `${name} ${members[name] ?? ''}`)].join(', ');
  const { where } = own;
  // A refresh knows the id alone; who names a revision says the name as well.
  const name = own.name === own.snapId ? theirs.name : own.name;
  return [{ snapId: own.snapId ?? theirs.snapId, name, where, incumbent: told(theirs), ours: told(own) }];
}

/** Enough to tell two digests apart. */
const SHOWN_OF_DIGEST = 16;
/** Of what the incumbent chooses. */
const MOST_CHARACTERS = 60;

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isObject) : [];
}

/** `revision 2`, of what names a revision of a snap. */
export function revisionIn(snap: JsonObject): string {
  const { revision } = snap;
  return Number.isSafeInteger(revision) ? `revision ${Number(revision)}` : 'no revision';
}

/** What is compared of a revision beside its number: whatever of it the answer has. */
export function membersOf(snap: JsonObject): Record<string, string> {
  const { download } = snap;
  const { size, 'sha3-384': digest } = isObject(download) ? download : {};
  return {
    ...shown('version', textOf(snap['version'])),
    ...shown('size', typeof size === 'number' ? String(size) : undefined),
    ...shown('sha3-384', textOf(digest)?.slice(0, SHOWN_OF_DIGEST)),
  };
}

export function shown(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value.slice(0, MOST_CHARACTERS) };
}

export function errorIn(value: JsonValue | undefined): string {
  const code = isObject(value) ? textOf(value['code']) : undefined;
  return `error ${code?.slice(0, MOST_CHARACTERS) ?? 'without a code'}`;
}
