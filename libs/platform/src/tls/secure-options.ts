import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { sentenceOf } from '#kernel';
import { TlsError } from './errors.js';
import { keyText, type TlsPair } from './tls-pair.js';

/** How a server speaks TLS with a pair: 1.2 or newer, whatever Node's own default becomes. */
export function secureOptions({ chain, key }: TlsPair): SecureContextOptions {
  return { cert: chain.map(String).join(''), key: keyText(key), minVersion: 'TLSv1.2' };
}

/** A server can be made with it. @throws TlsError `certificate-unusable`, for a key that is too short, say */
export function requireServable(pair: TlsPair): void {
  try {
    createSecureContext(secureOptions(pair));
  } catch (cause) {
    throw new TlsError('certificate-unusable', `OpenSSL does not take it: ${sentenceOf(cause)}`, { cause });
  }
}
