import { describe, expect, it } from 'vitest';
import { bitString, boolean, integer, objectIdentifier, octetString, sequence, tagged, time } from './der.js';

const hex = (der: Buffer) => der.toString('hex');

describe('DER', () => {
  it.each([
    ['01', '020101'],
    ['00', '020100'],
    ['0000', '020100'],
    ['000001', '020101'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['0100', '02020100'],
  ])('writes the whole number %s', (bytes, der) => {
    expect(hex(integer(Buffer.from(bytes, 'hex')))).toBe(der);
  });

  it.each([
    ['2.5.4.3', '0603550403'],
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['1.3.6.1.5.5.7.3.1', '06082b06010505070301'],
  ])('writes the object identifier %s', (dotted, der) => expect(hex(objectIdentifier(dotted))).toBe(der));

  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_536, '0483010000'],
  ])('writes the length %d', (length, head) => {
    expect(hex(octetString(Buffer.alloc(length)).subarray(0, head.length / 2))).toBe(head);
  });

  it.each([
    ['2026-11-26T15:04:05.678Z', '170d3236313132363135303430355a'],
    ['2049-12-31T23:59:59Z', '170d3439313233313233353935395a'],
    ['2050-01-01T00:00:00Z', '180f32303530303130313030303030305a'],
  ])('writes the time %s', (at, der) => expect(hex(time(new Date(at)))).toBe(der));

  it('writes truth, bits, what is tagged, and what is in a row', () => {
    expect(hex(boolean(true))).toBe('0101ff');
    expect(hex(bitString(Buffer.of(0x80), 7))).toBe('03020780');
    expect(hex(tagged(0, integer(Buffer.of(2)), 'around'))).toBe('a003020102');
    expect(hex(tagged(2, Buffer.from('a'), 'primitive'))).toBe('820161');
    expect(hex(sequence(boolean(false), integer(Buffer.of(5))))).toBe('3006010100020105');
  });
});
