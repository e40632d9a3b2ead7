import { expect, it } from 'vitest';
import { sentenceOf } from './sentence-of.js';

it.each([
  [new Error('the disk is full'), 'the disk is full'],
  [new RangeError(), 'RangeError'],
  ['gone', 'gone'],
  [
    new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]),
    '::1 refused; 127.0.0.1 refused',
  ],
  [new AggregateError([new Error('one')], 'all of them failed'), 'all of them failed'],
])('says %o in words', (error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});
