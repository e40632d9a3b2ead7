import { generateKeyPairSync } from 'node:crypto';
import { TlsError } from '../errors.js';
import { readPair, pairText, type TlsPair } from '../tls-pair.js';
import { issueCertificate } from './issue-certificate.js';

const HOUR_MS = 3_600_000;
const COMMON_NAME_LIMIT = 64;

/**
 * A new key (P-256) with a certificate that signs itself. It is no authority: whoever trusts it trusts this server, under these names, and nothing
 * that its key might sign.
 * @param hosts names and IP addresses, without brackets @param at milliseconds; valid from an hour before, for clocks that lag
 * @throws TlsError `no-name`
 */
export function selfSigned(hosts: readonly string[], days: number, at: number): TlsPair {
  const [first] = hosts;
  if (first === undefined) throw new TlsError('no-name', 'a certificate is for names, and none is known');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = first.length <= COMMON_NAME_LIMIT ? first : 'holdfast';
  const request = {
    subject,
    names: hosts,
    key: privateKey,
    notBefore: new Date(at - HOUR_MS),
    notAfter: new Date(at + days * 24 * HOUR_MS),
    authority: false,
  };
  const leaf = issueCertificate(request, { subject, key: privateKey });
  return readPair(pairText({ leaf, chain: [leaf], root: undefined, leftOver: [], key: privateKey }));
}
