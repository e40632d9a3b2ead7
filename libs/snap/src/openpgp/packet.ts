import { SnapError, type SnapErrorCode } from '../errors.js';

/** The two packets that assertions hold (RFC 4880 §4.3). */
export const SIGNATURE_TAG = 2;
export const PUBLIC_KEY_TAG = 6;

/** One packet with a new-format header (RFC 4880 §4.2.2), the shortest that fits. */
export function writePacket(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0xc0 | tag]), writeLength(body.length), body]);
}

function writeLength(n: number): Buffer {
  if (n < 192) return Buffer.from([n]);
  if (n < 8384) return Buffer.from([((n - 192) >> 8) + 192, (n - 192) & 0xff]);
  const length = Buffer.from([0xff, 0, 0, 0, 0]);
  length.writeUInt32BE(n, 1);
  return length;
}

/**
 * The body of the one packet that `bytes` hold. Only what snapd writes is read: a new-format header without partial lengths, and
 * nothing behind the packet, so that no byte is left which a signature does not bind.
 *
 * @throws SnapError with the given code
 */
export function readOnlyPacket(bytes: Buffer, tag: number, code: SnapErrorCode): Buffer {
  if (bytes[0] !== (0xc0 | tag)) throw new SnapError(code, `expected an OpenPGP packet with tag ${tag}`);
  const { length, at } = readLength(bytes, code);
  if (bytes.length !== at + length) {
    throw new SnapError(code, `the OpenPGP packet says ${length} bytes and has ${bytes.length - at}`);
  }
  return bytes.subarray(at);
}

function readLength(bytes: Buffer, code: SnapErrorCode): { length: number; at: number } {
  const [, first = 0xfe, second] = bytes;
  if (first < 192) return { length: first, at: 2 };
  if (first < 224 && second !== undefined) return { length: ((first - 192) << 8) + second + 192, at: 3 };
  if (first === 0xff && bytes.length >= 6) return { length: bytes.readUInt32BE(2), at: 6 };
  throw new SnapError(code, 'the OpenPGP packet has no length that we read');
}
