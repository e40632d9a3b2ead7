import { SnapError } from '../errors.js';
import { scalarOf, type Headers } from './headers.js';
import type { AssertionType } from './types.js';

/** What one part of a primary key may hold: it stands in URLs and file names, where `.` and `..` name other things, however they are escaped. */
export function isPrimaryKeyPart(value: string): boolean {
  return value !== '' && value.length <= 1024 && !/[/\n]/.test(value) && value !== '.' && value !== '..';
}

/**
 * The values of a type's primary key, without optional trailing ones at their default.
 *
 * @throws SnapError `malformed-assertion` when a part is missing, empty or holds a slash
 */
export function primaryKeyOf(type: AssertionType, headers: Headers): string[] {
  const key = type.primaryKey.map((name) => {
    const value = headers[name] === undefined ? type.defaults[name] : scalarOf(headers, name);
    if (value === undefined || !isPrimaryKeyPart(value)) {
      throw new SnapError('malformed-assertion', `${type.name}: ${name} is no part of a primary key`);
    }
    return value;
  });
  return withoutDefaults(type, key);
}

/** The short form of a primary key that a request may have given in full (protocol page §7). */
export function withoutDefaults(type: AssertionType, key: readonly string[]): string[] {
  let length = key.length;
  while (length > 0 && isDefault(type, length - 1, key[length - 1])) length--;
  return key.slice(0, length);
}

function isDefault(type: AssertionType, index: number, value: string | undefined): boolean {
  const name = type.primaryKey[index];
  return name !== undefined && type.defaults[name] !== undefined && type.defaults[name] === value;
}
