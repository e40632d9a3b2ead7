import type { X509Certificate } from 'node:crypto';

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

const TEXT_LIMIT = 1_000;

export function describeCertificate(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate),
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

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;

/** What a person should know of a chain's end: nothing until two weeks before. @param at milliseconds */
export function endingOf(
  chain: readonly X509Certificate[],
  at: number,
): { readonly over: boolean; readonly says: string } | undefined {
  const end = expiryOf(chain);
  if (end - at > SOON_MS) return undefined;
  const day = new Date(end).toISOString();
  return at >= end
    ? { over: true, says: `it has expired, on ${day}: clients refuse it` }
    : { over: false, says: `it expires in ${Math.floor((end - at) / DAY_MS)} days, on ${day}` };
}

/** Host names and IP addresses. Node writes `DNS:a.example, IP Address:192.0.2.1`, and in quotes what could be mistaken for more than one. */
export function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
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
