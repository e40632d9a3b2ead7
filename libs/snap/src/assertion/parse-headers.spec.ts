import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/refusal.js';
import { parseHeaders } from './parse-headers.js';

describe('parseHeaders', () => {
  it.each([
    ['a scalar', 'name: value', 'value'],
    ['an empty scalar', 'name: ', ''],
    ['a scalar that starts with a space', 'name:  value', ' value'],
    ['a scalar with colons', 'name: http://host:80/', 'http://host:80/'],
    ['text', 'name:\n    one\n      two\n    ', 'one\n  two\n'],
    ['a list', 'name:\n  - a\n  -  b', ['a', ' b']],
    ['a map', 'name:\n  a: 1\n  b: 2', { a: '1', b: '2' }],
    [
      'a list of maps',
      'name:\n  -\n    id: x\n    at: 1\n  -\n    id: y',
      [{ id: 'x', at: '1' }, { id: 'y' }],
    ],
    ['a list of lists', 'name:\n  -\n    - a\n    - b\n  - c', [['a', 'b'], 'c']],
    ['text in a map', 'name:\n  a:\n      one\n      two\n  b: 2', { a: 'one\ntwo', b: '2' }],
    ['a map in a map', 'name:\n  a:\n    b: 1\n  c: 2', { a: { b: '1' }, c: '2' }],
  ])('reads %s', (_, head, value) => {
    expect(parseHeaders(`${head}\nnext: x`)).toEqual({ name: value, next: 'x' });
  });

  it.each([
    ['a line without a colon', 'name'],
    ['an upper-case name', 'Name: x'],
    ['a name that ends in a dash', 'name-: x'],
    ['no space before a value', 'name:x'],
    ['a name twice', 'name: x\nname: y'],
    ['a name twice in a map', 'name:\n  a: 1\n  a: 2'],
    ['a block that does not follow', 'name:\nnext: x'],
    ['a block that does not follow at the end', 'name:'],
    ['a line that is indented for no reason', 'name: x\n  more: y'],
    ['text that is not indented enough', 'name:\n   x'],
    ['an odd name in a map', 'name:\n  __proto__: x'],
    ['an empty line', 'name: x\n\nnext: y'],
  ])('refuses %s', (_, head) => {
    expect(refusal(() => parseHeaders(head))).toBe('malformed-assertion');
  });

  it('takes names that objects have of themselves for data', () => {
    const headers = parseHeaders('constructor: x');

    expect(headers['constructor']).toBe('x');
    expect(headers['toString']).toBeUndefined();
  });
});
