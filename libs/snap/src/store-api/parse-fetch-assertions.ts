import { isPrimaryKeyPart } from '../assertion/primary-key.js';
import { assertionType, isAssertionType } from '../assertion/types.js';
import {
  asArray,
  asObject,
  asString,
  asStrings,
  asWholeNumber,
  badRequest,
  optional,
  present,
  type Members,
} from './json-reader.js';
import type { AssertionRequest, FetchAssertionsAction } from './refresh-request.js';

export const MAX_ASSERTION_REQUESTS = 10_000;
const MAX_KEY_PARTS = 8;

/** @throws SnapError `bad-request` */
export function parseFetchAssertions(members: Members, pointer: string): FetchAssertionsAction {
  const list = asArray(members['assertions'], `${pointer}/assertions`, MAX_ASSERTION_REQUESTS);
  return {
    action: 'fetch-assertions',
    key: asString(members['key'], `${pointer}/key`),
    assertions: list.map((item, i) => parseAssertionRequest(item, `${pointer}/assertions/${i}`)),
  };
}

function parseAssertionRequest(value: unknown, pointer: string): AssertionRequest {
  const members = asObject(value, pointer);
  const request = present({
    type: asString(members['type'], `${pointer}/type`),
    'primary-key': optional(members, 'primary-key', pointer, parseKey),
    'sequence-key': optional(members, 'sequence-key', pointer, parseKey),
    sequence: optional(members, 'sequence', pointer, asWholeNumber),
    'if-newer-than': optional(members, 'if-newer-than', pointer, asWholeNumber),
    'if-sequence-equal-or-newer-than': optional(
      members,
      'if-sequence-equal-or-newer-than',
      pointer,
      asWholeNumber,
    ),
    'if-sequence-newer-than': optional(members, 'if-sequence-newer-than', pointer, asWholeNumber),
  });
  checkKeys(request, pointer);
  return request;
}

function parseKey(value: unknown, pointer: string): string[] {
  const parts = asStrings(value, pointer, MAX_KEY_PARTS);
  const wrong = parts.findIndex((part) => !isPrimaryKeyPart(part));
  if (wrong >= 0) throw badRequest(`${pointer}/${wrong}`, 'a part of a primary key');
  return parts;
}

/** One key, of the length that its type has. A type that we do not know is answered with not-found, not with an error. */
function checkKeys(request: AssertionRequest, pointer: string): void {
  const primary = request['primary-key'];
  const sequence = request['sequence-key'];
  if ((primary === undefined) === (sequence === undefined))
    throw badRequest(pointer, 'a primary-key or a sequence-key');
  if (!isAssertionType(request.type)) return;
  const type = assertionType(request.type);
  const most = type.primaryKey.length;
  const least = most - Object.keys(type.defaults).length;
  if (primary !== undefined && (primary.length < least || primary.length > most)) {
    throw badRequest(`${pointer}/primary-key`, `${most} parts`);
  }
  if (sequence !== undefined && sequence.length !== most - 1)
    throw badRequest(`${pointer}/sequence-key`, `${most - 1} parts`);
}
