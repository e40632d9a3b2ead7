import { SnapError } from '../errors.js';
import { HEADER_NAME, type HeaderMap, type Headers, type HeaderValue } from './headers.js';

/** A value, and the line behind it. */
type Parsed<Value> = readonly [value: Value, next: number];

/**
 * The head of an assertion, line by line (protocol page §10): `name: value`, or `name:` and a deeper block, which is text
 * (4 spaces), a list (`  - item`) or a map (`  name: value`). The lines come from whoever sent the assertion. Nesting needs
 * two more spaces in each deeper line, so the limit on the head's size is one on its depth: some hundreds at worst.
 *
 * @throws SnapError `malformed-assertion`
 */
export function parseHeaders(head: string): Headers {
  const lines = head.split('\n');
  const [headers, next] = parseMap(lines, 0, '');
  if (next !== lines.length) throw malformed(lines[next], 'is indented for no reason');
  return headers;
}

function parseMap(lines: readonly string[], first: number, indent: string): Parsed<HeaderMap> {
  const map = Object.create(null) as Record<string, HeaderValue>;
  let at = first;
  for (let line = lines[at]; line !== undefined && opensEntry(line, indent); line = lines[at]) {
    const colon = line.indexOf(':', indent.length);
    const name = line.slice(indent.length, colon);
    if (colon < 0) throw malformed(line, 'has no colon');
    if (!HEADER_NAME.test(name)) throw malformed(line, 'has no proper name');
    if (name in map) throw malformed(line, 'repeats a name');
    const [value, next] = parseValue(lines, at, colon + 1, indent);
    map[name] = value;
    at = next;
  }
  return [map, at];
}

function parseList(lines: readonly string[], first: number, indent: string): Parsed<readonly HeaderValue[]> {
  const list: HeaderValue[] = [];
  let at = first;
  for (let line = lines[at]; line?.startsWith(`${indent}-`); line = lines[at]) {
    const [value, next] = parseValue(lines, at, indent.length + 1, indent);
    list.push(value);
    at = next;
  }
  return [list, at];
}

/** @param from where in the line at `at` the value starts, behind the colon or dash */
function parseValue(lines: readonly string[], at: number, from: number, indent: string): Parsed<HeaderValue> {
  const line = lines[at] ?? '';
  if (from < line.length) {
    if (line[from] !== ' ') throw malformed(line, 'has no space before its value');
    return [line.slice(from + 1), at + 1];
  }
  const deeper = `${indent}  `;
  const next = lines[at + 1] ?? '';
  if (next.startsWith(`${deeper}-`)) return parseList(lines, at + 1, deeper);
  if (opensEntry(next, deeper)) return parseMap(lines, at + 1, deeper);
  return parseText(lines, at + 1, `${indent}    `);
}

function parseText(lines: readonly string[], first: number, indent: string): Parsed<string> {
  let at = first;
  while (lines[at]?.startsWith(indent) === true) at++;
  if (at === first) throw malformed(lines[first - 1], 'announces a block that does not follow');
  const text = lines.slice(first, at).map((line) => line.slice(indent.length));
  return [text.join('\n'), at];
}

function opensEntry(line: string, indent: string): boolean {
  return line.startsWith(indent) && line.length > indent.length && line[indent.length] !== ' ';
}

function malformed(line: string | undefined, why: string): SnapError {
  return new SnapError(
    'malformed-assertion',
    `header line ${JSON.stringify((line ?? '').slice(0, 100))} ${why}`,
  );
}
