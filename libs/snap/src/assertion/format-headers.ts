import { SnapError } from '../errors.js';
import { HEADER_NAME, isHeaderMap, type Headers, type HeaderValue } from './headers.js';

/** A header in its textual form, one or more lines, without the last line end. */
export function formatHeader(name: string, value: HeaderValue): string {
  return `${checkedName(name)}:${formatValue(value, '')}`;
}

/** Names that have something to say, sorted: an empty list or map, nested ones too, is the same as none. */
export function presentNames(headers: Headers): string[] {
  return Object.keys(headers)
    .filter((name) => !isEmpty(headers[name]))
    .sort();
}

function formatValue(value: HeaderValue, indent: string): string {
  if (typeof value === 'string') return formatScalar(value, indent);
  const deeper = `${indent}  `;
  if (!isHeaderMap(value)) {
    const items = value.filter((item) => !isEmpty(item));
    return items.map((item) => `\n${deeper}-${formatValue(item, deeper)}`).join('');
  }
  return presentNames(value)
    .map((name) => `\n${deeper}${checkedName(name)}:${formatValue(value[name] ?? '', deeper)}`)
    .join('');
}

function formatScalar(value: string, indent: string): string {
  if (!value.isWellFormed())
    throw new SnapError('malformed-assertion', 'a header value holds a lone surrogate');
  if (!value.includes('\n')) return ` ${value}`;
  return value
    .split('\n')
    .map((line) => `\n${indent}    ${line}`)
    .join('');
}

function checkedName(name: string): string {
  if (!HEADER_NAME.test(name)) {
    throw new SnapError('malformed-assertion', `${JSON.stringify(name)} cannot be a header's name`);
  }
  return name;
}

function isEmpty(value: HeaderValue | undefined): boolean {
  if (value === undefined) return true;
  if (typeof value === 'string') return false;
  return isHeaderMap(value) ? presentNames(value).length === 0 : value.every(isEmpty);
}
