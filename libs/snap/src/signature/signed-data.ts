/** What both sides hash (RFC 4880 §5.2.4): the content, the signature's own hashed part, and a trailer with that part's length. */
export function signedData(content: Uint8Array, hashedPart: Uint8Array): Buffer {
  const trailer = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  trailer.writeUInt32BE(hashedPart.length, 2);
  return Buffer.concat([content, hashedPart, trailer]);
}

/** Version 4, type 0 (of a binary document), public-key algorithm 1 (RSA), hash algorithm 10 (SHA-512). */
export const SIGNATURE_HEAD = Buffer.from([4, 0x00, 1, 10]);
