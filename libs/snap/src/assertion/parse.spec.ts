import { describe, expect, it } from 'vitest';
import { joinAssertions, parseAssertion, splitAssertions } from '#snap';
import { fixture } from '../testing/fixture.js';
import { refusal } from '../testing/refusal.js';
import {
  MAX_ASSERTIONS_IN_STREAM,
  MAX_BODY_BYTES,
  MAX_HEADERS_BYTES,
  MAX_SIGNATURE_BYTES,
} from './limits.js';

const KEY = 'k'.repeat(64);
const head = (lines: readonly string[] = [], type = 'store'): string =>
  [`type: ${type}`, 'authority-id: a', 'store: lab', ...lines, `sign-key-sha3-384: ${KEY}`].join('\n');

describe('parseAssertion', () => {
  it('reads what snapd signed', () => {
    const declaration = parseAssertion(fixture('lab-hello.snap-declaration'));

    expect(declaration).toMatchObject({
      type: 'snap-declaration',
      format: 0,
      revision: 0,
      authorityId: 'testrootorg',
      signKeyId: 'XCIC_Wvj9_hiAt0b10sDon74oGr3a6xGODkMZqrj63ZzNYUD5N87-ojjPoeN7f1Y',
      primaryKey: ['16', 'labhelloidlabhelloidlabhelloid01'],
    });
    expect(declaration.headers['snap-name']).toBe('lab-hello');
    expect(declaration.bytes).toEqual(fixture('lab-hello.snap-declaration'));
  });

  it('reads a body, blank lines and all', () => {
    const { body } = parseAssertion(`${head(['body-length: 10'])}\n\na\n\ntype: b\n\nAXNpZw==\n`);

    expect(body.toString()).toBe('a\n\ntype: b');
  });

  it('reads a type without authority', () => {
    const request = parseAssertion(fixture('lab-device.device-session-request'));

    expect(request.authorityId).toBeNull();
    expect(request.headers['nonce']).toBe('NONCE-1795352315162');
  });

  it('leaves an optional part of a primary key out only where it has its default', () => {
    const revision = fixture('lab-hello.snap-revision').toString();
    const key = parseAssertion(revision).primaryKey;
    const unsaid = revision.replace('provenance: global-upload\n', '');
    const other = revision.replace('provenance: global-upload', 'provenance: prod');

    expect(key).toHaveLength(1);
    expect(parseAssertion(unsaid).primaryKey).toEqual(key);
    expect(parseAssertion(other).primaryKey).toEqual([...key, 'prod']);
  });

  it('ends the bytes in one line end, whatever came', () => {
    const bytes = fixture('lab-hello.snap-declaration');

    expect(parseAssertion(bytes.subarray(0, -1)).bytes).toEqual(bytes);
    expect(parseAssertion(Buffer.concat([bytes, Buffer.from('\n\n')])).bytes).toEqual(bytes);
  });

  it.each([
    ['nothing', ''],
    ['headers without an end', head()],
    ['no signature', `${head()}\n\n`],
    ['a body shorter than it says', `${head(['body-length: 5'])}\n\nabc\n\nAXNpZw==\n`],
    ['a body longer than it says', `${head(['body-length: 2'])}\n\nabc\n\nAXNpZw==\n`],
    ['a body-length that is no number', `${head(['body-length: 0x2'])}\n\nab\n\nAXNpZw==\n`],
    ['two body-lengths', `${head(['body-length: 1', 'body-length: 2'])}\n\na\n\nAXNpZw==\n`],
    ['a body-length in a list', `${head(['body-length:\n  - 2'])}\n\nab\n\nAXNpZw==\n`],
    ['a revision below 0', `${head(['revision: -1'])}\n\nAXNpZw==\n`],
    ['a revision with leading zeros', `${head(['revision: 01'])}\n\nAXNpZw==\n`],
    ['an empty part of the primary key', `${head().replace('lab', '')}\n\nAXNpZw==\n`],
    ['a slash in the primary key', `${head().replace('lab', '../lab')}\n\nAXNpZw==\n`],
    ['no authority', `${head().replace('authority-id: a\n', '')}\n\nAXNpZw==\n`],
    ['a key id that is none', `${head().replace(KEY, 'k')}\n\nAXNpZw==\n`],
    ['an authority where there is none', `${head([], 'serial-request')}\n\nAXNpZw==\n`],
    ['two assertions', `${head()}\n\nAXNpZw==\n\n${head()}\n\nAXNpZw==\n`],
  ])('refuses %s', (_, text) => {
    expect(refusal(() => parseAssertion(text))).toBe('malformed-assertion');
  });

  it.each(['headers', 'body', 'signature'])('refuses bytes that are no UTF-8 in the %s', (part) => {
    const text = {
      headers: `${head(['x: \xff'])}\n\nAXNpZw==\n`,
      body: `${head(['body-length: 1'])}\n\n\xff\n\nAXNpZw==\n`,
    };
    const bytes = part === 'headers' || part === 'body' ? text[part] : `${head()}\n\n\xff\n`;

    expect(refusal(() => parseAssertion(Buffer.from(bytes, 'latin1')))).toBe('malformed-assertion');
  });

  it('refuses a type that it does not know', () => {
    expect(refusal(() => parseAssertion(`${head([], 'shop')}\n\nAXNpZw==\n`))).toBe('unknown-assertion-type');
  });

  it.each([
    ['headers', `x: ${'x'.repeat(MAX_HEADERS_BYTES)}`],
    ['a body', `${head([`body-length: ${MAX_BODY_BYTES + 1}`])}\n\nx`],
    ['a signature', `${head()}\n\n${'A'.repeat(MAX_SIGNATURE_BYTES + 1)}`],
  ])('refuses %s of more bytes than it may have', (_, text) => {
    expect(refusal(() => parseAssertion(text))).toBe('assertion-too-large');
  });
});

describe('splitAssertions', () => {
  const files = ['test-root.account', 'test-root.account-key', 'lab-device.serial'];

  it('finds each assertion of a stream that joinAssertions made', () => {
    const assertions = files.map((file) => parseAssertion(fixture(file)));

    const split = splitAssertions(joinAssertions(assertions));

    expect(split.map(({ bytes }) => bytes.toString())).toEqual(files.map((file) => fixture(file).toString()));
  });

  it('finds none in an empty stream', () => {
    expect(splitAssertions('\n\n')).toEqual([]);
  });

  it('stops reading at more assertions than any device needs', () => {
    const one = `${head()}\n\nAXNpZw==\n`;

    expect(
      splitAssertions(Array.from({ length: MAX_ASSERTIONS_IN_STREAM }, () => one).join('\n')),
    ).toHaveLength(10_000);
    expect(refusal(() => splitAssertions(Array.from({ length: 10_001 }, () => one).join('\n')))).toBe(
      'assertion-too-large',
    );
  });

  it('does not see what its caller does to the buffer afterwards', () => {
    const bytes = fixture('lab-hello.snap-declaration');
    const [declaration] = splitAssertions(bytes);
    bytes.fill(0);

    expect(declaration?.content.toString()).toMatch(/^type: snap-declaration\n/);
  });
});
