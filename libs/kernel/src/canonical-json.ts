import { KernelError } from './errors.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * RFC 8785 (JCS). JavaScript's own number and string serialisation is the one that the RFC prescribes (3.2.2), and its default
 * string order is by UTF-16 code units, as 3.2.3 asks, so what is left to do is to sort names and to refuse what has no
 * canonical form: non-finite numbers, lone surrogates, and members that are `undefined` (JSON.stringify would drop them silently).
 *
 * @throws KernelError `not-canonical`, with the path of the offending value
 */
export function canonicalJson(value: JsonValue): string {
  return serialise(value, []);
}

const utf8 = new TextEncoder();

/** UTF-8 bytes of {@link canonicalJson}: what is stored, hashed, signed and exported. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return utf8.encode(canonicalJson(value));
}

/** Where a value stands: names of members, and places in arrays. Put together only for a refusal, since every event comes by here. */
type Path = (string | number)[];

function serialise(value: JsonValue | undefined, path: Path): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return serialiseNumber(value, path);
  if (typeof value === 'string') return serialiseString(value, path);
  if (Array.isArray(value))
    return `[${value.map((item: JsonValue, i) => serialiseInside(item, i, path)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return serialiseObject(value as JsonObject, path);
  throw notCanonical(path, `is ${describe(value)}, which JSON cannot hold`);
}

function serialiseInside(value: JsonValue | undefined, place: string | number, path: Path): string {
  path.push(place);
  const text = serialise(value, path);
  path.pop();
  return text;
}

function serialiseNumber(value: number, path: Path): string {
  if (!Number.isFinite(value)) throw notCanonical(path, `is ${value}, which JSON cannot hold`);
  return JSON.stringify(value);
}

/** Of which nothing is to be escaped: nearly every text, and every name of ours. */
const PLAIN = /^[ !#-[\]-~]*$/;

function serialiseString(value: string, path: Path): string {
  if (!value.isWellFormed()) throw notCanonical(path, 'holds a lone surrogate');
  return quoted(value);
}

/** As JSON.stringify, which is slower for the many texts that need no escapes. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function serialiseObject(value: JsonObject, path: Path): string {
  const members = Object.keys(value)
    .sort()
    .map((name) => {
      if (!name.isWellFormed()) throw notCanonical(path, 'has a member name that holds a lone surrogate');
      return `${quoted(name)}:${serialiseInside(value[name], name, path)}`;
    });
  return `{${members.join(',')}}`;
}

function notCanonical(path: Path, what: string): KernelError {
  const places = path.map((place) => (typeof place === 'number' ? `[${place}]` : `.${place}`));
  return new KernelError('not-canonical', `$${places.join('')} ${what}`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor.name}`
    : `of type ${typeof value}`;
}
