import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { describeCertificate } from './certificate-facts.js';
import { TlsError } from './errors.js';
import type { TlsPair } from './tls-pair.js';

/**
 * The whole chain is valid at this moment, and the leaf is for each of the hosts.
 * @param hosts names and IP addresses, without brackets @param at milliseconds
 * @throws TlsError `certificate-not-yet-valid`, `certificate-expired`, `certificate-for-other-names`
 */
export function requireUsable({ leaf, chain, root }: TlsPair, hosts: readonly string[], at: number): void {
  for (const certificate of [...chain, ...(root ? [root] : [])]) requireValid(certificate, at);
  const others = hosts.filter((host) => !isFor(leaf, host));
  if (others.length === 0) return;
  const { names } = describeCertificate(leaf);
  const has =
    names.length > 0
      ? `is for ${names.join(', ')}`
      : 'has no subject alternative names, and clients look at no others';
  throw new TlsError(
    'certificate-for-other-names',
    `the certificate ${has}, but we are reached as ${others.join(', ')}`,
  );
}

function requireValid(certificate: X509Certificate, at: number): void {
  const { subject, notBefore, notAfter } = describeCertificate(certificate);
  if (at < certificate.validFromDate.getTime())
    throw new TlsError(
      'certificate-not-yet-valid',
      `the certificate of ${subject} is not valid before ${notBefore}`,
    );
  if (at >= certificate.validToDate.getTime())
    throw new TlsError('certificate-expired', `the certificate of ${subject} has expired, on ${notAfter}`);
}

/** By its alternative names alone: snapd, as everything in Go, looks at no other (RFC 9525, section 2). */
function isFor(leaf: X509Certificate, host: string): boolean {
  const matched = isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' });
  return matched !== undefined;
}
