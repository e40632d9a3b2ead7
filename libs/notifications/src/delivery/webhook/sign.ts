import { createHmac } from 'node:crypto';
import { SECRET_PREFIX } from '../../secrets/signing-secret.js';

/**
 * The headers that Standard Webhooks signs with: HMAC-SHA-256 over id, time and body with dots between them.
 * @param seconds since the epoch: of this try
 */
export function signedHeaders(
  secret: string,
  id: string,
  seconds: number,
  body: string,
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}
