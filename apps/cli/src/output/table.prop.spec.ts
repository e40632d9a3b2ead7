import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from './table.js';
import { withTerminalWidth } from './terminal-width.js';

const cell = fc
  .array(fc.string({ maxLength: 90 }), { minLength: 1, maxLength: 6 })
  .map((words) => `.${words.join(' ')}`);
const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 4 });
const columns = ['Name', 'Look twice', 'Why'].map((header, i) => ({
  header,
  cell: (row: readonly string[]) => row[i],
}));
const letters = (text: string) => text.replaceAll(/[\s:]/g, '').split('').toSorted().join('');

describe('a table at a terminal', () => {
  it('is no wider than it, but for words that are longer than a line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 160 }), rows, (width, given) => {
        const text = withTerminalWidth(width, () => table(given, columns));
        const words = given.flat().flatMap((said) => said.split(' ').map((word) => word.length));
        const widest = Math.max(width, 'Look twice:  '.length + Math.max(0, ...words));
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(widest);
      }),
    );
  });

  it('says all that it says in a pipe', () => {
    const header = columns.map((column) => column.header).join('');
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 160 }), rows, (width, given) => {
        // Where each row is names and values, the header is said once for each of them.
        const oftener = letters(table(given, columns) + header.repeat(Math.max(0, given.length - 1)));
        const said = letters(withTerminalWidth(width, () => table(given, columns)));
        expect([letters(table(given, columns)), oftener]).toContain(said);
      }),
    );
  });
});
