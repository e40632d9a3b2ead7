import { withClockTime } from './times.js';

/** A column: its header, and what it shows of a row. */
export interface Column<Row> {
  readonly header: string;
  /** Its times are UTC, and another column has them in the site's zone. */
  readonly utc?: true;
  readonly cell: (row: Row) => string | number | null | undefined;
}

/** Like `snap list`: left-aligned, two spaces between, no borders, `-` for none. Nothing is cut off; ends with a newline. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [
    columns.map((column) => column.header),
    ...rows.map((row) => columns.map(({ cell, utc }) => (utc ? plain(cell(row)) : shown(cell(row))))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => width(line[i] ?? ''))));
  return lines
    .map(
      (line) =>
        `${line
          .map((text, i) => pad(text, widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Names and their values, one a line: `Site:  holdfast-1`. */
export function fields(
  pairs: readonly (readonly [name: string, value: string | number | null | undefined])[],
): string {
  const longest = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${pad(`${name}:`, longest + 1)}  ${shown(value)}\n`).join('');
}

/** Names and their values, as the Snap Store Proxy prints its configuration: `proxy.domain: store.example`. */
export function lines(pairs: readonly (readonly [name: string, value: string | null])[]): string {
  return pairs.map(([name, value]) => `${name}: ${value ? shown(value) : ''}`.trimEnd() + '\n').join('');
}

const GRAPHEMES = new Intl.Segmenter('en');

/** What came from outside is text: no control character of it reaches the terminal, no line break breaks the table. */
export function shown(value: string | number | null | undefined): string {
  return withClockTime(plain(value));
}

function plain(value: string | number | null | undefined): string {
  const text = value === null || value === undefined || value === '' ? '-' : String(value);
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - width(text)));
}

/** What people see as one character counts once. */
function width(text: string): number {
  return Array.from(GRAPHEMES.segment(text)).length;
}
