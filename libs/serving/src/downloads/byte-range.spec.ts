import { describe, expect, it } from 'vitest';
import { requestedRange } from './byte-range.js';

describe('requestedRange', () => {
  const whole = { kind: 'all' };
  const unsatisfiable = { kind: 'unsatisfiable' };
  const part = (start: number, end: number) => ({ kind: 'part', range: { start, end } });

  it.each([
    ['no header', undefined, whole],
    ['an open range', 'bytes=40-', part(40, 99)],
    ['from the first byte', 'bytes=0-', part(0, 99)],
    ['a closed range', 'bytes=10-19', part(10, 19)],
    ['a closed range that ends past the body', 'bytes=90-500', part(90, 99)],
    ['the last byte', 'bytes=99-', part(99, 99)],
    ['a suffix', 'bytes=-7', part(93, 99)],
    ['a suffix longer than the body', 'bytes=-700', part(0, 99)],
    ['a start at the end', 'bytes=100-', unsatisfiable],
    ['a start past the end', 'bytes=4000-', unsatisfiable],
    ['an empty suffix', 'bytes=-0', unsatisfiable],
    ['a range backwards is malformed', 'bytes=20-10', whole],
    ['several ranges', 'bytes=0-1,5-6', whole],
    ['another unit', 'lines=0-1', whole],
    ['no numbers', 'bytes=-', whole],
    ['a number past what is exact', `bytes=${'9'.repeat(40)}-`, whole],
  ])('%s', (_, header, expected) => {
    expect(requestedRange(header, 100)).toEqual(expected);
  });
});
