import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BENCHES } from './benches.js';
import { bound, median, missed } from './bench.js';

describe('marks', () => {
  it('are met at their bounds, and missed beyond', () => {
    const marks = [
      { figure: 'ratio', atLeast: 2 },
      { figure: 'lost', atMost: 0 },
    ];
    expect(missed(marks, { ratio: 2, lost: 0 })).toEqual([]);
    expect(missed(marks, { ratio: 1.99, lost: 1 })).toEqual([
      'ratio is 1.99, and must be ≥ 2',
      'lost is 1, and must be ≤ 0',
    ]);
  });

  it('are missed by a figure that was not measured', () => {
    expect(missed([{ figure: 'lost', atMost: 0 }], {})).toHaveLength(1);
    expect(missed([{ figure: 'ratio', atLeast: 2 }], { ratio: Number.NaN })).toHaveLength(1);
  });

  it.each(Object.entries(BENCHES))('of %s are those of its documentation', async (name, find) => {
    const bench = await find();
    expect(bench.name).toBe(name);
    const page = await readFile('docs/reference/benchmarks.md', 'utf8');
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
    const cells = row.split('|').map((cell) => cell.trim());
    expect(cells[3]).toBe(bench.marks.map(({ figure }) => `\`${figure}\``).join(', '));
    expect(cells[4]).toBe(bench.marks.map(bound).join(', '));
    expect(page).toContain(`\n## ${name}\n`);
  });
});

it('takes the middle one of an odd number, the mean of two of an even one', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(() => median([])).toThrow(RangeError);
});
