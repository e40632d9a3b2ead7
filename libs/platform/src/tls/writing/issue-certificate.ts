import { createHash, createPublicKey, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { isIP, SocketAddress } from 'node:net';
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
  type Der,
} from './der.js';

export interface CertificateRequest {
  /** The subject's common name, at most 64 characters (RFC 5280, `ub-common-name`). */
  readonly subject: string;
  /** Host names and IP addresses. */
  readonly names: readonly string[];
  /** An EC key; its private half is not needed. */
  readonly key: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** An authority issues others, and serves nobody. */
  readonly authority: boolean;
}

export interface Issuer {
  readonly subject: string;
  /** A private EC key. */
  readonly key: KeyObject;
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const KEY_CERT_SIGN_AND_CRL_SIGN = bitString(Buffer.of(0x06), 1);
const SERVER_AUTH = objectIdentifier('1.3.6.1.5.5.7.3.1');

/** A certificate of version 3 (RFC 5280, section 4.1), signed with ECDSA and SHA-256. */
export function issueCertificate(request: CertificateRequest, issuer: Issuer): X509Certificate {
  const { subject, key, notBefore, notAfter } = request;
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.of(2)), 'around'),
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    commonName(issuer.subject),
    sequence(time(notBefore), time(notAfter)),
    commonName(subject),
    publicKeyInfo(key),
    tagged(3, sequence(...extensions(request, issuer)), 'around'),
  );
  const signature = sign('sha256', toBeSigned, issuer.key);
  return new X509Certificate(sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(signature)));
}

/** Random and positive, at most 20 bytes (section 4.1.2.2). */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial;
}

function commonName(name: string): Der {
  return sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(name))));
}

function extensions({ names, key, authority }: CertificateRequest, issuer: Issuer): Der[] {
  return [
    extension('2.5.29.19', sequence(...(authority ? [boolean(true)] : [])), 'critical'),
    // No key usage for a server: OpenSSL takes a certificate that signs itself for that only when its key may sign certificates or nothing is said.
    authority
      ? extension('2.5.29.15', KEY_CERT_SIGN_AND_CRL_SIGN, 'critical')
      : extension('2.5.29.37', sequence(SERVER_AUTH)),
    extension('2.5.29.14', octetString(keyIdentifier(key))),
    extension('2.5.29.35', sequence(tagged(0, keyIdentifier(issuer.key), 'primitive'))),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', sequence(...names.map(generalName)))]),
  ];
}

function extension(id: string, content: Der, critical?: 'critical'): Der {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(content));
}

function generalName(name: string): Der {
  return isIP(name)
    ? tagged(7, addressBytes(name), 'primitive')
    : tagged(2, Buffer.from(name, 'latin1'), 'primitive');
}

/** Four bytes, or sixteen (section 4.2.1.6). */
function addressBytes(name: string): Buffer {
  if (isIP(name) === 4) return Buffer.from(name.split('.').map(Number));
  const { address } = new SocketAddress({ address: name, family: 'ipv6' });
  const [head = '', tail] = expandedTail(address).split('::');
  const [before, after] = [words(head), words(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: zeros }, () => 0), ...after];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

/** `::ffff:192.0.2.1` ends in an IPv4 address. */
function expandedTail(address: string): string {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (!dotted) return address;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(2).map(Number);
  return `${dotted[1] ?? ''}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function words(text: string): number[] {
  return text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
}

function publicKeyInfo(key: KeyObject): Buffer {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return half.export({ type: 'spki', format: 'der' });
}

/** RFC 7093, section 2, method 4: of the whole SubjectPublicKeyInfo, the first 160 bits. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20);
}
