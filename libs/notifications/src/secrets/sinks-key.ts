import { hkdfSync } from 'node:crypto';

/**
 * What seals the secrets of sinks: derived from the site's key (RFC 5869), so that the worker, which opens them, holds this one and not that.
 * @param siteKey 32 bytes @returns 32 bytes
 */
export function sinksKey(siteKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', siteKey, '', 'sinks/v1', 32));
}
