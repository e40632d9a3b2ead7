import { describe, expect, it } from 'vitest';
import { fields, table, type Column } from './table.js';

interface Row {
  readonly name: string;
  readonly rev?: number | null;
  readonly notes?: string;
}
const columns: readonly Column<Row>[] = [
  { header: 'Name', cell: (row) => row.name },
  { header: 'Rev', cell: (row) => row.rev },
  { header: 'Notes', cell: (row) => row.notes },
];

describe('table', () => {
  it('aligns to the left with two spaces between, without spaces at the end', () => {
    const rows = [
      { name: 'core22', rev: 1722, notes: 'base' },
      { name: 'a-longer-name', rev: 3, notes: 'x' },
    ];
    expect(table(rows, columns)).toBe(
      ['Name           Rev   Notes', 'core22         1722  base', 'a-longer-name  3     x', ''].join('\n'),
    );
  });

  it('shows - for none, and 0 as 0', () => {
    expect(
      table(
        [
          { name: 'a', rev: null },
          { name: 'b', rev: 0, notes: '' },
        ],
        columns,
      ),
    ).toBe(['Name  Rev  Notes', 'a     -    -', 'b     0    -', ''].join('\n'));
  });

  it('shows the header of an empty one', () => {
    expect(table([], columns)).toBe('Name  Rev  Notes\n');
  });

  it('cuts nothing off', () => {
    const name = 'x'.repeat(500);
    expect(table([{ name }], columns)).toContain(name);
  });

  it('lets no control character of a reason reach the terminal', () => {
    const shown = table([{ name: 'a\u001b[2J\nb\u202ec' }], columns);
    for (const character of ['\u001b', '\u202e']) expect(shown).not.toContain(character);
    expect(shown.split('\n')).toHaveLength(3);
  });

  it('counts what people see as one character once', () => {
    expect(table([{ name: 'e\u0301', rev: 1 }], columns)).toContain('e\u0301     1');
  });
});

describe('fields', () => {
  it('aligns values', () => {
    expect(
      fields([
        ['Id', 'CR-1'],
        ['Status', null],
      ]),
    ).toBe('Id:      CR-1\nStatus:  -\n');
  });
});
