import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodePublicKey, encodePublicKey, parseAssertion, verifyAssertionSignature } from '#snap';
import { fixture } from '../testing/fixture.js';
import { refusal } from '../testing/refusal.js';
import { readMpi, writeMpi, writeWholeBytes } from './mpi.js';
import { readOnlyPacket, writePacket } from './packet.js';
import { decodeText, encodeText } from './text.js';

const accountKey = parseAssertion(fixture('test-store.account-key'));
const rootKey = decodePublicKey(parseAssertion(fixture('test-root.account-key')).body.toString());

/** The text of a key or signature with its packet's body changed. */
function rewritten(text: string, tag: number, change: (body: Buffer) => Buffer): string {
  const code = 'malformed-key';
  return encodeText(writePacket(tag, change(Buffer.from(readOnlyPacket(decodeText(text, code), tag, code)))));
}

describe('packets', () => {
  it.each([0, 191, 192, 8383, 8384, 70_000])('of %i bytes read back', (length) => {
    const body = Buffer.alloc(length, 7);

    expect(readOnlyPacket(writePacket(6, body), 6, 'malformed-key').equals(body)).toBe(true);
  });

  it.each([
    ['another tag', Buffer.from([0xc2, 0])],
    ['an old-format header', Buffer.from([0x98, 0])],
    ['no length', Buffer.from([0xc6])],
    ['half a length', Buffer.from([0xc6, 0xff, 0, 0])],
    ['a partial length', Buffer.from([0xc6, 0xe1, 1, 1])],
    ['bytes missing', Buffer.from([0xc6, 2, 1])],
    ['bytes behind it', Buffer.from([0xc6, 1, 1, 1])],
  ])('with %s are refused', (_, bytes) => {
    expect(refusal(() => readOnlyPacket(bytes, 6, 'malformed-key'))).toBe('malformed-key');
  });
});

describe('numbers', () => {
  it('are written without leading zeros, or with all their bytes', () => {
    const bytes = Buffer.from([0, 1, 0xff]);

    expect(writeMpi(bytes)).toEqual(Buffer.from([0, 9, 1, 0xff]));
    expect(writeWholeBytes(bytes)).toEqual(Buffer.from([0, 24, 0, 1, 0xff]));
  });

  it.each([
    ['as RFC 4880 has them', [0, 9, 1, 0xff]],
    ['as whole bytes', [0, 16, 1, 0xff]],
  ])('are read %s', (_, bytes) => {
    expect(readMpi(Buffer.from(bytes), 0, 'malformed-key')).toEqual({
      value: Buffer.from([1, 0xff]),
      end: 4,
    });
  });

  it.each([
    ['with bits that they do not have', [0, 10, 1, 0xff]],
    ['that end early', [0, 16, 1]],
    ['of which only half the length is there', [0]],
  ])('are refused %s', (_, bytes) => {
    expect(refusal(() => readMpi(Buffer.from(bytes), 0, 'malformed-key'))).toBe('malformed-key');
  });
});

describe('text', () => {
  it.each(['AQ==x', 'AQ', 'AR==', 'A Q==', 'AQ==\r\n', '', 'Ag=='])('%j is refused', (text) => {
    expect(refusal(() => decodeText(text, 'malformed-signature'))).toBe('malformed-signature');
  });
});

describe('keys that are refused', () => {
  const text = accountKey.body.toString();
  const ofBits = (modulusLength: number): string =>
    encodePublicKey(generateKeyPairSync('rsa', { modulusLength }).publicKey);

  it.each([
    ['that are too small to prove anything', ofBits(1024)],
    ['of another time, whose id would be another', rewritten(text, 6, (body) => body.fill(0, 1, 2))],
    ['of another algorithm', rewritten(text, 6, (body) => body.fill(17, 5, 6))],
    ['with bytes behind the key', rewritten(text, 6, (body) => Buffer.concat([body, Buffer.from([0])]))],
    ['with an even exponent', rewritten(text, 6, (body) => body.fill(2, body.length - 1))],
    [
      'with the exponent 1',
      rewritten(text, 6, (body) => Buffer.concat([body.subarray(0, -5), Buffer.from([0, 1, 1])])),
    ],
  ])('are those %s', (_, key) => {
    expect(refusal(() => decodePublicKey(key))).toBe('malformed-key');
  });

  it('are those that are not RSA', () => {
    const { publicKey } = generateKeyPairSync('ed25519');

    expect(refusal(() => encodePublicKey(publicKey))).toBe('malformed-key');
  });
});

describe('signatures that are refused', () => {
  it.each([
    ['with bytes behind the signature', (body: Buffer) => Buffer.concat([body, Buffer.from([0])])],
    ['of a text document', (body: Buffer) => body.fill(1, 1, 2)],
    ['over SHA-1', (body: Buffer) => body.fill(2, 3, 4)],
    ['whose subpackets do not end', (body: Buffer) => body.fill(0xff, 4, 6)],
    ['cut off before the subpackets', (body: Buffer) => body.subarray(0, 5)],
  ])('are those %s', (_, change) => {
    const signature = rewritten(accountKey.signature, 2, change);

    expect(refusal(() => verifyAssertionSignature({ ...accountKey, signature }, rootKey))).toBe(
      'malformed-signature',
    );
  });

  it('are those longer than the key', () => {
    const longer = rewritten(accountKey.signature, 2, (body) => {
      const head = body.subarray(0, body.length - 514);
      return Buffer.concat([head, writeWholeBytes(Buffer.concat([Buffer.from([0]), body.subarray(-512)]))]);
    });

    expect(refusal(() => verifyAssertionSignature({ ...accountKey, signature: longer }, rootKey))).toBe(
      'bad-signature',
    );
  });
});
