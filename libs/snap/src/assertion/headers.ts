/** Scalars are always strings, numbers too (protocol page §10). */
export type HeaderValue = string | readonly HeaderValue[] | HeaderMap;
export interface HeaderMap {
  readonly [name: string]: HeaderValue;
}

/** Parsed header objects have no prototype: names such as `constructor` are data that others chose. */
export type Headers = HeaderMap;

/** The grammar of header names. Linear: no nested quantifier can match one character twice. */
export const HEADER_NAME = /^[a-z](?:-?[a-z0-9])*$/;

export function isHeaderMap(value: HeaderValue): value is HeaderMap {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The scalar of that name, undefined when it is absent or no scalar. */
export function scalarOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
