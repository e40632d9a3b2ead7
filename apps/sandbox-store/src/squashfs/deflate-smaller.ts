import { deflateSync } from 'node:zlib';

/** The bytes in zlib's format if that is shorter: Linux takes a compressed block only when it is. */
export function deflateSmaller(
  bytes: Uint8Array,
  compress: boolean,
): { bytes: Uint8Array; compressed: boolean } {
  if (!compress) return { bytes, compressed: false };
  const deflated = deflateSync(bytes, { level: 9 });
  return deflated.length < bytes.length
    ? { bytes: deflated, compressed: true }
    : { bytes, compressed: false };
}
