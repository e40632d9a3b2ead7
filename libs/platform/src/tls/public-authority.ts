import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { isIssuedBy, isSelfSigned, type TlsPair } from './tls-pair.js';

/** Whether the chain ends at an authority that clients know without being told: one of those that Node.js has from Mozilla. */
export function isPublic({ chain, root }: TlsPair): boolean {
  const end = root ?? chain.at(-1);
  if (!end) return false;
  return rootCertificates.some((pem) => {
    const known = new X509Certificate(pem);
    return known.fingerprint256 === end.fingerprint256 || isIssuedBy(end, known);
  });
}

/** What a client must trust that does not know the authority: the root, or the certificate that signs itself. Undefined when it was not given. */
export function anchorOf({ leaf, root }: TlsPair): X509Certificate | undefined {
  return root ?? (isSelfSigned(leaf) ? leaf : undefined);
}
