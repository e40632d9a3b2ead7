import { randomBytes } from 'node:crypto';

/** As Standard Webhooks writes a secret: this, and the key in Base64. */
export const SECRET_PREFIX = 'whsec_';
const BYTES = 32;

/** A new secret to sign webhooks with. */
export function newSigningSecret(): string {
  return SECRET_PREFIX + randomBytes(BYTES).toString('base64');
}
