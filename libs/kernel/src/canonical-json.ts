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
  return serialise(value, '$');
}

/** UTF-8 bytes of {@link canonicalJson}: what is stored, hashed, signed and exported. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

function serialise(value: JsonValue | undefined, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return serialiseNumber(value, path);
  if (typeof value === 'string') return serialiseString(value, path);
  if (Array.isArray(value))
    return `[${value.map((item: JsonValue, i) => serialise(item, `${path}[${i}]`)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return serialiseObject(value as JsonObject, path);
  throw new KernelError('not-canonical', `${path} is ${describe(value)}, which JSON cannot hold`);
}

function serialiseNumber(value: number, path: string): string {
  if (!Number.isFinite(value))
    throw new KernelError('not-canonical', `${path} is ${value}, which JSON cannot hold`);
  return JSON.stringify(value);
}

function serialiseString(value: string, path: string): string {
  if (!value.isWellFormed()) throw new KernelError('not-canonical', `${path} holds a lone surrogate`);
  return JSON.stringify(value);
}

function serialiseObject(value: JsonObject, path: string): string {
  const members = Object.keys(value)
    .sort()
    .map(
      (name) =>
        `${serialiseString(name, `${path}, a member name,`)}:${serialise(value[name], `${path}.${name}`)}`,
    );
  return `{${members.join(',')}}`;
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
