import { longestPart, width, wrapCell } from './wrap.js';

/** What is up to this long, such as a time of day or the number of a request, is never cut in a table. */
const WHOLE = 20;
/** What a column has at least, if it has so much to say. */
const READABLE = 12;

/**
 * How wide each column of a table is made, so that all of them fit.
 * @param lines the cells of each line, the header's first
 * @param room without the blanks between columns
 * @returns undefined where they cannot
 */
export function columnWidths(lines: readonly (readonly string[])[], room: number): number[] | undefined {
  const columns = (lines[0] ?? []).map((_, i) => lines.map((line) => line[i] ?? ''));
  const natural = columns.map((cells) => Math.max(...cells.map(width)));
  const widths = columns.map((cells, i) => Math.min(natural[i] ?? 0, leastOf(cells)));
  if (sum(widths) > room) return undefined;
  share(widths, natural, room - sum(widths));
  // Lines end at blanks: what a column does not use after all is another's.
  const used = columns.map((cells, i) => usedOf(cells, widths[i] ?? 0));
  const lack = natural.map((wanted, i) => wanted - (used[i] ?? 0));
  const longest = lack.indexOf(Math.max(...lack));
  return used.map((each, i) => (i === longest ? each + room - sum(used) : each));
}

/** One character after the other to the column that would need the most lines. */
function share(widths: number[], natural: readonly number[], room: number): void {
  const lines = (i: number) => (natural[i] ?? 0) / Math.max(1, widths[i] ?? 0);
  for (let left = room; left > 0; left -= 1) {
    const neediest = widths.reduce((best, _, i) => (lines(i) > lines(best) ? i : best), 0);
    if (lines(neediest) <= 1) return;
    widths[neediest] = (widths[neediest] ?? 0) + 1;
  }
}

function leastOf(cells: readonly string[]): number {
  const parts = cells.map(longestPart).map((long) => (long > WHOLE ? READABLE : long));
  return Math.max(READABLE, ...parts);
}

function usedOf(cells: readonly string[], to: number): number {
  return Math.max(...cells.flatMap((cell) => wrapCell(cell, to).map(width)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
