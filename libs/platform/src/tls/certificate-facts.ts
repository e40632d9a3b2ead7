import type { X509Certificate } from 'node:crypto';
import { TlsError } from './errors.js';

/** What is told of a certificate: everything here is public. */
export type CertificateFacts = {
  readonly subject: string;
  readonly issuer: string;
  /** Host names and IP addresses that it is for, as it says them. */
  readonly names: readonly string[];
  /** Hexadecimal. */
  readonly serial: string;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Of the whole certificate, hexadecimal. */
  readonly sha256: string;
};

/** Public authorities put at most 100 into one. Both certificates, old and new, must fit into an event. */
const NAMES_LIMIT = 100;
const TEXT_LIMIT = 1_000;

/** @throws TlsError `certificate-too-large` for one with more names than a site has */
export function describeCertificate(certificate: X509Certificate): CertificateFacts {
  const names = namesOf(certificate);
  if (names.length > NAMES_LIMIT)
    throw new TlsError(
      'certificate-too-large',
      `the certificate is for ${names.length} names; at most ${NAMES_LIMIT} are taken`,
    );
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names,
    serial: certificate.serialNumber.toLowerCase(),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** When the first of them ends: from then on clients refuse. Milliseconds. */
export function expiryOf(chain: readonly X509Certificate[]): number {
  return Math.min(...chain.map((each) => each.validToDate.getTime()));
}

/** Node writes `DNS:a.example, IP Address:192.0.2.1`, and in quotes what could be mistaken for more than one. */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const names = subjectAltName.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  return names.map((name) =>
    name
      .trim()
      .replace(/^(?:DNS|IP Address):/, '')
      .slice(0, 255),
  );
}

/** Of several lines in Node, empty (undefined, whatever the types say) for a certificate without a subject. */
function oneLine(name: string | undefined): string {
  return (name ?? '').trim().split('\n').join(', ').slice(0, TEXT_LIMIT);
}
