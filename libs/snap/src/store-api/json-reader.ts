import { SnapError } from '../errors.js';

/** A JSON object of which nothing is known yet. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Reads untrusted JSON member by member, each with a bound. A device sends such a body every few hours and a fleet many a second:
 * hence by hand, without a schema to walk. Absent and `null` are the same, as in snapd.
 *
 * Every function throws SnapError `bad-request` with the pointer of the offending value.
 */
export function asObject(value: unknown, pointer: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(pointer, 'an object');
  return value as Members;
}

export function asArray(value: unknown, pointer: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(pointer, 'an array');
  if (value.length > most) throw badRequest(pointer, `no more than ${most} items`);
  return value;
}

export function asString(value: unknown, pointer: string, most = 256): string {
  if (typeof value !== 'string') throw badRequest(pointer, 'a string');
  if (value.length > most) throw badRequest(pointer, `no more than ${most} characters`);
  return value;
}

export function asBoolean(value: unknown, pointer: string): boolean {
  if (typeof value !== 'boolean') throw badRequest(pointer, 'true or false');
  return value;
}

export function asWholeNumber(value: unknown, pointer: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw badRequest(pointer, 'a whole number');
  }
  return value;
}

export function asStrings(value: unknown, pointer: string, most: number): string[] {
  return asArray(value, pointer, most).map((item, i) => asString(item, `${pointer}/${i}`));
}

/** Undefined for an absent member, else what `read` makes of it. */
export function optional<Value>(
  members: Members,
  name: string,
  pointer: string,
  read: (value: unknown, pointer: string) => Value,
): Value | undefined {
  const value = members[name];
  return value === undefined || value === null ? undefined : read(value, `${pointer}/${name}`);
}

type Present<Value> = {
  [Name in keyof Value as undefined extends Value[Name] ? never : Name]: Value[Name];
} & {
  [Name in keyof Value as undefined extends Value[Name] ? Name : never]?: Exclude<Value[Name], undefined>;
};

/** The same object without the members that are undefined: `JSON.stringify` and our types take those for absent ones. */
export function present<Value extends object>(members: Value): Present<Value> {
  const there: Record<string, unknown> = {};
  for (const name in members) if (members[name] !== undefined) there[name] = members[name];
  return there as Present<Value>;
}

export function badRequest(pointer: string, expected: string): SnapError {
  return new SnapError(
    'bad-request',
    `${pointer === '' ? 'the body' : pointer}: expected ${expected}`,
    pointer,
  );
}
