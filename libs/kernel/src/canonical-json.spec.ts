import { describe, expect, it } from 'vitest';
import { canonicalBytes, canonicalJson, KernelError, type JsonValue } from '#kernel';

/** RFC 8785, appendix B: the bits of a double, and how it is written. */
const NUMBERS: readonly (readonly [string, string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

const double = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE();

describe('canonicalJson, by RFC 8785', () => {
  it.each(NUMBERS)('writes the double %s as %s', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuses the double %s', (bits) => {
    expect(() => canonicalJson({ n: double(bits) })).toThrow(
      expect.objectContaining({ code: 'not-canonical' }),
    );
  });

  it('serialises the example of 3.2.2, to the bytes of 3.2.4', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const expected =
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    const value = JSON.parse(input) as JsonValue;
    expect(canonicalJson(value)).toBe(expected);
    expect(Buffer.from(canonicalBytes(value)).toString('hex')).toContain(
      '22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f22',
    );
  });

  it('sorts the members of the example of 3.2.3 by UTF-16 code units', () => {
    const input = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`;
    const sorted = canonicalJson(JSON.parse(input) as JsonValue);
    expect(sorted.match(/(?<=:")[^"]+/g)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('sorts at every depth, and leaves arrays as they are', () => {
    expect(canonicalJson({ b: [{ z: 1, a: 2 }, 1], a: { d: {}, c: [] } })).toBe(
      '{"a":{"c":[],"d":{}},"b":[{"a":2,"z":1},1]}',
    );
  });

  it('writes a member that is called __proto__', () => {
    const text = '{"__proto__":{"a":1},"b":2}';
    expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
  });
});

describe('canonicalJson refuses, and says where', () => {
  it.each<[string, unknown, string]>([
    ['an undefined member, instead of dropping it', { a: [{ b: undefined }] }, '$.a[0].b'],
    ['an undefined item', { a: [undefined] }, '$.a[0]'],
    ['a bigint', { n: 1n }, '$.n'],
    ['a function', { f: () => 1 }, '$.f'],
    ['a Date, which would become a string', { at: new Date(0) }, '$.at'],
    ['a Map, which would become {}', { m: new Map() }, '$.m'],
    ['bytes', { b: Buffer.from('x') }, '$.b'],
    ['a lone surrogate', { s: '\ud800' }, '$.s'],
    ['a lone surrogate in a name', { '\udfff': 1 }, '$'],
  ])('%s', (_, value, where) => {
    const error = refusalOf(value);
    expect(error).toMatchObject({ code: 'not-canonical' });
    expect(error?.message).toContain(`${where}`);
  });
});

function refusalOf(value: unknown): KernelError | undefined {
  try {
    canonicalJson(value as JsonValue);
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
  return undefined;
}
