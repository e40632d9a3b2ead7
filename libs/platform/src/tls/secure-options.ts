import type { SecureContextOptions } from 'node:tls';
import { keyText, type TlsPair } from './tls-pair.js';

/** How a server speaks TLS with a pair: 1.2 or newer, whatever Node's own default becomes. */
export function secureOptions({ chain, key }: TlsPair): SecureContextOptions {
  return { cert: chain.map(String).join(''), key: keyText(key), minVersion: 'TLSv1.2' };
}
