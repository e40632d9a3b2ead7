import { describe, expect, it } from 'vitest';
import { NO_STREAM } from '#event-store/port';
import { entityTag, entityTags, ifMatch, isKnown } from './entity-tag.js';

const DIGEST = '2cf24dba5fb0a30e26e83b2ac5b9e29e'; // of "hello"

describe('an entity tag', () => {
  it.each<[bigint | undefined, string | undefined, string | undefined]>([
    [12n, 'hello', `"12-${DIGEST}"`],
    [NO_STREAM, 'hello', `"none-${DIGEST}"`],
    [12n, undefined, '"12"'],
    [undefined, 'hello', `"${DIGEST}"`],
    [undefined, undefined, undefined],
  ])('of revision %s and body %s is %s', (revision, body, tag) => {
    expect(entityTag(revision, body)).toBe(tag);
  });
});

describe('If-Match', () => {
  it.each<[string, unknown]>([
    ['*', 'any'],
    [`"12-${DIGEST}"`, [12n]],
    ['"12" , "none"', [12n, NO_STREAM]],
    ['W/"12"', []],
    [`"${DIGEST}"`, []],
    ['"12-short", "-1", "1e3", "9999999999999999999"', []],
  ])('%s names %s', (header, named) => {
    expect(ifMatch(header)).toEqual(named);
  });

  it('says nothing when it is not there', () => {
    expect(ifMatch(undefined)).toBeUndefined();
  });

  it.each(['', '12', '"1', '*, "1"', '"a" "b"', '"\u00e9"'])('is refused as %j', (header) => {
    expect(() => ifMatch(header)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

describe('If-None-Match', () => {
  it('knows a tag, also a weak one, and anything by *', () => {
    for (const header of ['"a", "b"', 'W/"b"', '*'])
      expect(isKnown(entityTags('If-None-Match', header), '"b"')).toBe(true);
    for (const header of ['"a"', '"bb"'])
      expect(isKnown(entityTags('If-None-Match', header), '"b"')).toBe(false);
    expect(isKnown(entityTags('If-None-Match', undefined), '"b"')).toBe(false);
  });
});
