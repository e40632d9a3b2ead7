import { SnapError, type SnapErrorCode } from '../errors.js';

/** The one version of snapd's encoding of keys and signatures: base64( 0x01 ‖ packet ), in lines of 76 (protocol page §10). */
export const ENCODING_VERSION = 1;

export function encodeText(packet: Uint8Array): string {
  const base64 = Buffer.concat([Buffer.from([ENCODING_VERSION]), packet]).toString('base64');
  return base64.replace(/.{76}(?=.)/g, '$&\n');
}

/**
 * The packet in a key's or signature's text. Lines may be of any length, but nothing else is forgiven: Node's own decoder skips what
 * it does not know, and then one signature would have many texts.
 *
 * @throws SnapError with the given code
 */
export function decodeText(text: string, code: SnapErrorCode): Buffer {
  const base64 = text.replaceAll('\n', '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new SnapError(code, 'not base64');
  if (bytes[0] !== ENCODING_VERSION)
    throw new SnapError(code, `encoding version ${bytes[0] ?? 'missing'} is not known`);
  return bytes.subarray(1);
}
