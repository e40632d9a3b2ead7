import { constants, createHash, verify, type KeyObject } from 'node:crypto';
import { describeReference, type Assertion } from '../assertion/assertion.js';
import { SnapError } from '../errors.js';
import { readMpi } from '../openpgp/mpi.js';
import { readOnlyPacket, SIGNATURE_TAG } from '../openpgp/packet.js';
import { decodeText } from '../openpgp/text.js';
import { SIGNATURE_HEAD, signedData } from './signed-data.js';

/**
 * That this key signed these bytes. Says nothing about whether the key may: see `verifyChain`.
 *
 * @throws SnapError `bad-signature`, `malformed-signature`
 */
export function verifyAssertionSignature(
  assertion: Pick<Assertion, 'type' | 'primaryKey' | 'content' | 'signature'>,
  publicKey: KeyObject,
): void {
  const signature = readSignature(assertion.signature);
  const data = signedData(assertion.content, signature.hashedPart);
  const digestStart = createHash('sha512').update(data).digest().subarray(0, 2);
  const valid = digestStart.equals(signature.left16) && verifyPadded(data, publicKey, signature.value);
  if (!valid) {
    const about = describeReference(assertion);
    throw new SnapError('bad-signature', `the signature of ${about} does not match its content`, about);
  }
}

interface Signature {
  readonly hashedPart: Buffer;
  readonly left16: Buffer;
  readonly value: Buffer;
}

function readSignature(text: string): Signature {
  const packet = readOnlyPacket(
    decodeText(text, 'malformed-signature'),
    SIGNATURE_TAG,
    'malformed-signature',
  );
  if (!packet.subarray(0, SIGNATURE_HEAD.length).equals(SIGNATURE_HEAD)) {
    throw new SnapError('malformed-signature', 'not an RSA signature of version 4 over SHA-512');
  }
  // Subpackets are not read: nothing here depends on when, or by which short id, a signature says that it was made.
  const hashedEnd = endOfSubpackets(packet, SIGNATURE_HEAD.length);
  const unhashedEnd = endOfSubpackets(packet, hashedEnd);
  const { value, end } = readMpi(packet, unhashedEnd + 2, 'malformed-signature');
  if (end !== packet.length)
    throw new SnapError('malformed-signature', 'the packet goes on behind the signature');
  return {
    hashedPart: packet.subarray(0, hashedEnd),
    left16: packet.subarray(unhashedEnd, unhashedEnd + 2),
    value,
  };
}

function endOfSubpackets(packet: Buffer, at: number): number {
  if (at + 2 > packet.length)
    throw new SnapError('malformed-signature', 'the packet ends before its subpackets');
  return at + 2 + packet.readUInt16BE(at);
}

/** An MPI has lost its leading zero bytes; the signature scheme wants as many bytes as the modulus has. */
function verifyPadded(data: Buffer, publicKey: KeyObject, value: Buffer): boolean {
  const size = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const missing = Math.ceil(size) - value.length;
  if (missing < 0) return false;
  const padded = Buffer.concat([Buffer.alloc(missing), value]);
  return verify('sha512', data, { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, padded);
}
