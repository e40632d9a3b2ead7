import { assertionType, isAssertionType, isPrimaryKeyPart, withoutDefaults } from '#snap';
import { ServingError } from '../errors.js';

/** `GET /v2/assertions/{type}/{key}…?max-format=N[&sequence=…]` (protocol page 7). */
export interface AssertionQuery {
  readonly type: string;
  /** Without optional trailing values at their default; of a sequence without a number, all but the last. */
  readonly primaryKey: readonly string[];
  /** The newest that the device understands; undefined when it doesn't say. */
  readonly maxFormat: number | undefined;
  /** `latest` or a number, when asked by sequence. */
  readonly sequence: string | undefined;
}

const SEQUENCES: readonly string[] = ['validation-set', 'repair'];

/** Whether the last part of its key is a number that counts up, and may be left open. */
export function isSequence(type: string): boolean {
  return SEQUENCES.includes(type);
}

/** What snapd's types are named like. */
const TYPE = /^[a-z][a-z0-9-]{0,99}$/;

/** @throws ServingError `bad-request` for a type of another form, and for a key of the wrong length or form */
export function readAssertionQuery(
  type: string,
  key: readonly string[],
  query: Readonly<Record<string, unknown>>,
): AssertionQuery {
  if (!TYPE.test(type)) throw badRequest('this is no type of an assertion');
  const wrong = key.find((part) => !isPrimaryKeyPart(part));
  if (wrong !== undefined)
    throw badRequest('a part of the primary key is empty, too long, holds a slash, or is a dot or two');
  const sequence = readSequence(query['sequence']);
  const asked = { type, maxFormat: readMaxFormat(query['max-format']), sequence };
  // A type of a newer snapd: upstream knows how long its key is.
  if (!isAssertionType(type)) return { ...asked, primaryKey: key };
  const known = assertionType(type);
  if (sequence !== undefined && !isSequence(type)) throw badRequest(`a ${type} is of no sequence`);
  const open = sequence === undefined ? 0 : 1;
  const most = known.primaryKey.length - open;
  const least = most - Object.keys(known.defaults).length;
  if (key.length < least || key.length > most) {
    throw badRequest(`a ${type} is named by ${most} values, not by ${key.length}`);
  }
  return { ...asked, primaryKey: withoutDefaults(known, key) };
}

/** How upstream is asked the same. */
export function upstreamPath({ type, primaryKey, maxFormat, sequence }: AssertionQuery): string {
  const name = [type, ...primaryKey].map((part) => encodeURIComponent(part)).join('/');
  const query = new URLSearchParams();
  if (maxFormat !== undefined) query.set('max-format', String(maxFormat));
  if (sequence !== undefined) query.set('sequence', sequence);
  return `/v2/assertions/${name}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

function readMaxFormat(text: unknown): number | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^(?:0|[1-9][0-9]{0,5})$/.test(text))
    throw badRequest('max-format is no number');
  return Number(text);
}

function readSequence(text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^(?:latest|[1-9][0-9]{0,15})$/.test(text)) {
    throw badRequest('sequence is neither latest nor a number');
  }
  return text;
}

function badRequest(message: string): ServingError {
  return new ServingError('bad-request', message);
}
