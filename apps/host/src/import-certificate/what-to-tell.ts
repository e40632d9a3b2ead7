import { describeCertificate } from '#platform/tls/certificate-facts';
import { anchorOf, isPublic } from '#platform/tls/public-authority';
import type { TlsPair } from '#platform/tls/tls-pair';
import type { CertificatePlaces } from './certificate-places.js';

/** What is said of a pair that is in its place. @param before what was there until now */
export function whatToTell(
  pair: TlsPair,
  { authority, previous }: CertificatePlaces,
  before: string | undefined,
): string[] {
  const { names, subject, issuer, serial, notBefore, notAfter, sha256 } = describeCertificate(pair.leaf);
  const leftOut = pair.leftOver.map((each) => describeCertificate(each).subject);
  return [
    `the certificate for ${names.join(', ')} is in its place`,
    `  subject  ${subject}`,
    `  issuer   ${issuer}`,
    `  serial   ${serial}`,
    `  valid    ${notBefore} to ${notAfter}`,
    `  SHA-256  ${sha256}`,
    ...(leftOut.length === 0 ? [] : [`  left out, since it leads nowhere: ${leftOut.join('; ')}`]),
    before === undefined
      ? 'Start the servers again: they speak plain HTTP until then.'
      : `The servers show it within seconds, without a restart; the one before is in ${previous}.`,
    ...(isPublic(pair) ? [] : forClients(pair, authority)),
  ];
}

/** Who does not know the authority must be told of it, before the first request. */
function forClients(pair: TlsPair, file: string): string[] {
  const anchor = anchorOf(pair);
  if (!anchor)
    return [
      '',
      `No public authority has issued it, and the certificate of ${describeCertificate(pair.chain.at(-1) ?? pair.leaf).issuer}, which clients must trust, was not given. Give it with the others to be told how.`,
    ];
  const { subject, sha256 } = describeCertificate(anchor);
  const name = `holdfast-${sha256.slice(0, 8)}`;
  return [
    '',
    `No public authority has issued it, so clients must be told to trust ${subject}, whose certificate is in`,
    `  ${file}`,
    'On each device, for snapd:',
    `  sudo snap set system store-certs.${name}="$(cat certificate-authority.crt)"`,
    'On machines with Debian or Ubuntu, for snapd and all else (curl, browsers, apt):',
    `  sudo cp certificate-authority.crt /usr/local/share/ca-certificates/${name}.crt`,
    '  sudo update-ca-certificates && sudo systemctl restart snapd',
    'For "holdfast" on other machines: NODE_EXTRA_CA_CERTS=certificate-authority.crt',
  ];
}
