import { SnapError, type SnapErrorCode } from '../errors.js';

/** A multiprecision integer (RFC 4880 §3.2): its length in bits, then its bytes without leading zeros. */
export function writeMpi(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const trimmed = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bitLength(trimmed));
  return Buffer.concat([length, trimmed]);
}

/** A signature's value as snapd's own library writes it: all its bytes, leading zeros too. */
export function writeWholeBytes(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length * 8);
  return Buffer.concat([length, bytes]);
}

/**
 * The integer at `at`, and where it ends. Two spellings are read: the RFC's, and {@link writeWholeBytes}. A third would only make
 * several texts of one signature.
 *
 * @throws SnapError with the given code
 */
export function readMpi(bytes: Buffer, at: number, code: SnapErrorCode): { value: Buffer; end: number } {
  if (at + 2 > bytes.length) throw new SnapError(code, 'an OpenPGP packet ends before a number');
  const bits = bytes.readUInt16BE(at);
  const end = at + 2 + Math.ceil(bits / 8);
  const value = bytes.subarray(at + 2, end);
  if (bits !== value.length * 8 && bits !== bitLength(value)) {
    throw new SnapError(code, `an OpenPGP number says ${bits} bits and has others`);
  }
  return { value, end };
}

function bitLength(trimmed: Uint8Array): number {
  const [first] = trimmed;
  return first === undefined ? 0 : trimmed.length * 8 - (Math.clz32(first) - 24);
}
