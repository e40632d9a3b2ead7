import { describe, expect, it } from 'vitest';
import { parseObject } from './parse-object.js';

const parse = (text: string) => parseObject(Buffer.from(text));
const nested = (levels: number, inside = '1') => '{"a":'.repeat(levels) + inside + '}'.repeat(levels);

describe('a JSON object from outside', () => {
  it('is read', () => {
    expect(parse('{"a":[1,{"b":"}]"}]}')).toEqual({ a: [1, { b: '}]' }] });
    expect(parse(nested(64))).toBeDefined();
  });

  it.each(['', '[]', '7', 'null', '{"a":', '{"a":1}}', '\u0000'])('is none: %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('is none when it is not UTF-8', () => {
    expect(parseObject(Buffer.from('7b2261223a22ff227d', 'hex'))).toBeUndefined();
  });

  it('is none when nobody would mean it: too deep', () => {
    expect(parse(nested(65))).toBeUndefined();
    expect(parse(`{"a":${'['.repeat(2_000_000)}`)).toBeUndefined();
    expect(parse(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).toBeUndefined();
  });

  it.each([0, 1, 61, 62, 63, 64, 65, 66, 200])(
    'is read past escaped quotes, %i characters into a text',
    (before) => {
      for (const rest of ['"[', '\\\\', '\\"[{', '\\\\\\"']) {
        const value = { a: `${'x'.repeat(before)}${rest}`, b: '['.repeat(100) };
        expect(parse(JSON.stringify(value))).toEqual(value);
      }
    },
  );

  it('may have any number of brackets in its texts', () => {
    const text = JSON.stringify({ a: '[{'.repeat(100), b: '\\"[' + '['.repeat(100) });
    expect(parse(text)).toBeDefined();
  });
});
