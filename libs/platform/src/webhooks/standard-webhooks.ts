import { createHmac, timingSafeEqual } from 'node:crypto';

/** As Standard Webhooks (https://www.standardwebhooks.com) writes a secret: this, and the key in Base64. */
export const SECRET_PREFIX = 'whsec_';

/** Seconds that a message may be old, or ahead: what Standard Webhooks' own libraries take. */
export const MESSAGE_TOLERANCE_S = 300;

/** More of them are no rotation of secrets. */
const MOST_SIGNATURES = 10;

/** What goes with a body. */
export interface WebhookHeaders {
  readonly id: string;
  /** Since the epoch: of this try. */
  readonly seconds: string;
  /** Space-separated, each `v1,` and the signature in Base64. */
  readonly signature: string;
}

/** HMAC-SHA-256 over id, time and body with dots between them. @param secret as {@link SECRET_PREFIX} says */
export function webhookSignature(
  secret: string,
  { id, seconds }: Pick<WebhookHeaders, 'id' | 'seconds'>,
  body: string | Uint8Array,
): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64');
  return `v1,${signature}`;
}

/** Whether one of the signatures is right under one of the secrets; how long it takes says nothing of how wrong they are. */
export function isSigned(secrets: readonly string[], headers: WebhookHeaders, body: Uint8Array): boolean {
  const given = headers.signature.split(' ').slice(0, MOST_SIGNATURES);
  return secrets.some((secret) => {
    const right = Buffer.from(webhookSignature(secret, headers, body));
    return given.some((each) => {
      const bytes = Buffer.from(each);
      return bytes.length === right.length && timingSafeEqual(bytes, right);
    });
  });
}

/** Whether a message is of now. @param now RFC 3339 */
export function isFresh({ seconds }: Pick<WebhookHeaders, 'seconds'>, now: string): boolean {
  if (!/^[0-9]{1,12}$/.test(seconds)) return false;
  return Math.abs(Number(seconds) - Date.parse(now) / 1000) <= MESSAGE_TOLERANCE_S;
}
