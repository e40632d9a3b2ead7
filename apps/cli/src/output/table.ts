import { columnWidths } from './column-widths.js';
import { terminalWidth } from './terminal-width.js';
import { withClockTime } from './times.js';
import { width as widthOf, wrapCell, wrapValue } from './wrap.js';

/** A column: its header, and what it shows of a row. */
export interface Column<Row> {
  readonly header: string;
  /** Its times are UTC, and another column has them in the site's zone. */
  readonly utc?: true;
  readonly cell: (row: Row) => string | number | null | undefined;
}

/**
 * Like `snap list`: left-aligned, two spaces between, no borders, `-` for none. Nothing is cut off; ends with a newline.
 * A row is one line. At a terminal that is too narrow for that, columns in which no row says anything are left out, and cells broken into lines; or each row is written as names and values.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const header = columns.map((column) => column.header);
  const body = rows.map((row) => columns.map(({ cell, utc }) => (utc ? plain(cell(row)) : shown(cell(row)))));
  const width = terminalWidth();
  const whole = oneLineEach([header, ...body]);
  if (width === undefined || whole.every((line) => widthOf(line) <= width)) return whole.map(ended).join('');
  const telling = header.map((_, i) => body.length === 0 || body.some((cells) => cells[i] !== NONE));
  const [names, ...told] = [header, ...body].map((cells) => cells.filter((_, i) => telling[i]));
  return narrow(names ?? [], told, width);
}

const GAP = '  ';
const NONE = '-';

function narrow(header: readonly string[], body: readonly (readonly string[])[], room: number): string {
  const lines = [header, ...body];
  const widths = columnWidths(lines, room - GAP.length * (header.length - 1));
  if (widths !== undefined)
    return lines
      .flatMap((cells) => broken(cells, widths))
      .map(ended)
      .join('');
  if (body.length === 0) return ended(header.join(GAP));
  return body.map((cells) => pairsText(header.map((name, i) => [name, cells[i] ?? '']))).join('\n');
}

function oneLineEach(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => widthOf(line[i] ?? ''))));
  return lines.map((cells) => joined(cells, widths));
}

function joined(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((text, i) => pad(text, widths[i] ?? 0))
    .join(GAP)
    .trimEnd();
}

/** One row in as many lines as its longest cell takes. */
function broken(cells: readonly string[], widths: readonly number[]): string[] {
  const columns = cells.map((text, i) => wrapCell(text, widths[i] ?? 0));
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    joined(
      columns.map((column) => column[line] ?? ''),
      widths,
    ),
  );
}

const ended = (line: string) => `${line}\n`;

/** Names and their values, one a line: `Site:  holdfast-1`. At a terminal a long value goes on below itself. */
export function fields(
  pairs: readonly (readonly [name: string, value: string | number | null | undefined])[],
): string {
  return pairsText(pairs.map(([name, value]) => [name, shown(value)]));
}

function pairsText(pairs: readonly (readonly [name: string, text: string])[]): string {
  const indent = Math.max(...pairs.map(([name]) => name.length)) + 1 + GAP.length;
  const room = (terminalWidth() ?? Infinity) - indent;
  return pairs
    .map(([name, text]) => {
      const lines = room === Infinity ? [text] : wrapValue(text, room);
      return `${pad(`${name}:`, indent)}${lines.join(`\n${' '.repeat(indent)}`)}\n`;
    })
    .join('');
}

/** Names and their values, as the Snap Store Proxy prints its configuration: `proxy.domain: store.example`. */
export function lines(pairs: readonly (readonly [name: string, value: string | null])[]): string {
  return pairs.map(([name, value]) => `${name}: ${value ? shown(value) : ''}`.trimEnd() + '\n').join('');
}

/** What came from outside is text: no control character of it reaches the terminal, no line break breaks the table. */
export function shown(value: string | number | null | undefined): string {
  return withClockTime(plain(value));
}

function plain(value: string | number | null | undefined): string {
  const text = value === null || value === undefined || value === '' ? NONE : String(value);
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - widthOf(text)));
}
