import { describe, expect, it } from 'vitest';
import { fields, table, type Column } from './table.js';
import { withTerminalWidth } from './terminal-width.js';

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

describe('at a terminal', () => {
  const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const TIME = '2026-11-27T23:04:32.324Z';
  const at = (width: number | undefined, rows: readonly Row[]) =>
    withTerminalWidth(width, () => table(rows, columns));
  const row = { name: TIME, rev: 1, notes: 'the lines stay on what is tested until the driver is certified' };

  it('breaks long text at blanks, where a row would be wider', () => {
    expect(at(60, [{ ...row, name: 'core22' }])).toBe(
      [
        'Name    Rev  Notes',
        'core22  1    the lines stay on what is tested until the',
        '             driver is certified',
        '',
      ].join('\n'),
    );
  });

  it('breaks a time between its date and its clock time, and a path after a /', () => {
    const text = at(40, [{ name: TIME, rev: 1, notes: 'change-request/CR-2026-0042 is hers' }]);
    expect(text).toBe(
      [
        'Name           Rev  Notes',
        '2026-11-27T    1    change-request/',
        '23:04:32.324Z       CR-2026-0042 is hers',
        '',
      ].join('\n'),
    );
  });

  it('cuts a digest, and nothing of it off', () => {
    const text = at(60, [{ name: 'core22', rev: 1, notes: DIGEST }]);
    expect(
      text.replace('core22', '').replace(' 1 ', '').replace('Name    Rev  Notes', '').replaceAll(/\s/g, ''),
    ).toBe(DIGEST);
  });

  it('leaves columns out in which no row says anything', () => {
    expect(at(60, [{ name: 'core22', notes: row.notes }])).not.toContain('Rev');
    expect(
      at(60, [
        { name: 'core22', notes: row.notes },
        { ...row, name: 'lxd' },
      ]),
    ).toContain('Rev');
  });

  it('writes a row as names and values where columns cannot be made so narrow', () => {
    const many = ['Author', 'Submitted', 'Needs', 'Why'].map((header) => ({ header, cell: () => row.notes }));
    const text = withTerminalWidth(40, () => table([row, row], [...columns.slice(0, 1), ...many]));
    const one = [
      `Name:       ${TIME}`,
      ...['Author:     ', 'Submitted:  ', 'Needs:      ', 'Why:        '].flatMap((name) => [
        `${name}the lines stay on what is`,
        '            tested until the driver is',
        '            certified',
      ]),
      '',
    ].join('\n');
    expect(text).toBe(`${one}\n${one}`);
  });

  it('shows the header of an empty one, however narrow it is', () => {
    const wide = Array.from({ length: 9 }, (_, i) => ({ header: `Some header ${i}`, cell: () => '' }));
    const text = withTerminalWidth(80, () => table([], wide));
    expect(
      text
        .split('\n')
        .join(' ')
        .match(/header/g),
    ).toHaveLength(9);
  });

  it.each([
    ['fits', 200],
    ['has no terminal', undefined],
    ['has one that nobody has sized', 0],
  ])('leaves what %s as it is', (_what, width) => {
    expect(at(width, [row])).toBe(table([row], columns));
    expect(withTerminalWidth(width, () => fields([['Reason', row.notes]]))).toBe(`Reason:  ${row.notes}\n`);
  });

  it('goes on below a value, and leaves a digest whole for who copies it', () => {
    const text = withTerminalWidth(40, () =>
      fields([
        ['Reason', row.notes],
        ['Digest', DIGEST],
      ]),
    );
    expect(text).toBe(
      [
        'Reason:  the lines stay on what is',
        '         tested until the driver is',
        '         certified',
        `Digest:  ${DIGEST}`,
        '',
      ].join('\n'),
    );
  });
});
