import type { KeyObject, X509Certificate } from 'node:crypto';
import { describeCertificate } from './certificate-facts.js';
import { TlsError } from './errors.js';
import { readPem } from './pem-blocks.js';

/** A certificate with its key and all that leads from it towards a root. */
export interface TlsPair {
  readonly leaf: X509Certificate;
  /** From the leaf on, each issued by the next; what a server shows. */
  readonly chain: readonly X509Certificate[];
  /** The self-signed end of the chain, if it was given, and is not the leaf itself. Clients have it or don't: it is not shown to them. */
  readonly root: X509Certificate | undefined;
  /** Certificates that were given and do not belong to the chain. */
  readonly leftOver: readonly X509Certificate[];
  readonly key: KeyObject;
}

const CONVERT =
  'PEM is wanted, with lines such as -----BEGIN CERTIFICATE-----; "openssl x509 -inform der" and "openssl pkcs12 -nodes" write it from other forms';

/**
 * Finds the certificate of the key and builds its chain, in whatever order all of them stand.
 * @throws TlsError for what is no certificate with its key
 */
export function readPair(text: string): TlsPair {
  const { certificates, keys } = readPem(text);
  if (certificates.length === 0) throw new TlsError('no-certificate', `no certificate was given: ${CONVERT}`);
  const [key, ...more] = keys;
  if (!key) throw new TlsError('no-private-key', `no private key was given: ${CONVERT}`);
  if (more.some((other) => !other.equals(key)))
    throw new TlsError('several-private-keys', `${keys.length} different private keys were given: give one`);
  const leaf = newest(certificates.filter((each) => each.checkPrivateKey(key)));
  if (!leaf) {
    const subjects = certificates.map((each) => describeCertificate(each).subject || 'one without a subject');
    throw new TlsError(
      'private-key-differs',
      `the private key is of none of the certificates: ${subjects.join('; ')}`,
    );
  }
  const chain = chainFrom(leaf, certificates);
  const end = chain.at(-1);
  const root = end && end !== leaf && isSelfSigned(end) ? end : undefined;
  const leftOver = certificates.filter((each) => !chain.includes(each));
  return { leaf, chain: root ? chain.slice(0, -1) : chain, root, leftOver, key };
}

/** The chain as it is shown, the root that is not, and the key: what {@link readPair} reads as the same pair. */
export function pairText({ chain, root, key }: TlsPair): string {
  const certificates = [...chain, ...(root ? [root] : [])].map((each) => each.toString().trim());
  return `${[...certificates, keyText(key)].join('\n')}\n`;
}

export function keyText(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' })).trim();
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

function chainFrom(leaf: X509Certificate, given: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  for (let last = leaf; !isSelfSigned(last);) {
    const subject = last;
    const issuer = newest(given.filter((each) => !chain.includes(each) && isIssuedBy(subject, each)));
    if (!issuer) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

function isSignedBy(certificate: X509Certificate, signer: X509Certificate): boolean {
  try {
    return certificate.verify(signer.publicKey);
  } catch {
    // A key of a kind that this OpenSSL does not know signs nothing that it can check.
    return false;
  }
}

/** Renewed with the same key, both may be given. */
function newest(certificates: readonly X509Certificate[]): X509Certificate | undefined {
  return certificates.toSorted((a, b) => b.validToDate.getTime() - a.validToDate.getTime())[0];
}
