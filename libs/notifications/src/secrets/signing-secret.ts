import { randomBytes } from 'node:crypto';
import { SECRET_PREFIX } from '#platform/webhooks/standard-webhooks';

const BYTES = 32;

/** A new secret to sign webhooks with. */
export function newSigningSecret(): string {
  return SECRET_PREFIX + randomBytes(BYTES).toString('base64');
}
