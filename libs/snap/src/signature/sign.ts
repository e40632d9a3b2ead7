import { createHash, sign, type KeyObject } from 'node:crypto';
import { assertionBytes } from '../assertion/assertion.js';
import { formatContent, type AssertionDraft } from '../assertion/format.js';
import { writeWholeBytes } from '../openpgp/mpi.js';
import { SIGNATURE_TAG, writePacket } from '../openpgp/packet.js';
import { encodeText } from '../openpgp/text.js';
import { keyId } from './public-key.js';
import { SIGNATURE_HEAD, signedData } from './signed-data.js';

/**
 * A signed assertion's bytes, as snapd would have written them.
 *
 * @param when the signature's own time, which nothing judges; by default the Unix epoch, so that equal input gives equal bytes
 * @throws SnapError `malformed-assertion`, `assertion-too-large`, `unknown-assertion-type`, `malformed-key`
 */
export function signAssertion(
  draft: AssertionDraft,
  privateKey: KeyObject,
  when: Date = new Date(0),
): Buffer {
  const content = formatContent(draft, keyId(privateKey));
  return assertionBytes(content, signContent(content, privateKey, when));
}

function signContent(content: Buffer, privateKey: KeyObject, when: Date): string {
  const hashedPart = Buffer.concat([SIGNATURE_HEAD, creationTime(when)]);
  const data = signedData(content, hashedPart);
  const unhashedLength = Buffer.alloc(2);
  const left16 = createHash('sha512').update(data).digest().subarray(0, 2);
  const value = writeWholeBytes(sign('sha512', data, privateKey));
  return encodeText(writePacket(SIGNATURE_TAG, Buffer.concat([hashedPart, unhashedLength, left16, value])));
}

/** The hashed subpackets: their length, and the one that snapd writes, a creation time (RFC 4880 §5.2.3.4). */
function creationTime(when: Date): Buffer {
  const subpackets = Buffer.from([0, 6, 5, 2, 0, 0, 0, 0]);
  subpackets.writeUInt32BE(Math.floor(when.getTime() / 1000), 4);
  return subpackets;
}
