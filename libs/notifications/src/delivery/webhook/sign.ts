import { webhookSignature } from '#platform/webhooks/standard-webhooks';

/**
 * The headers that Standard Webhooks signs with.
 * @param seconds since the epoch: of this try
 */
export function signedHeaders(
  secret: string,
  id: string,
  seconds: number,
  body: string,
): Readonly<Record<string, string>> {
  const head = { id, seconds: String(seconds) };
  return {
    'webhook-id': id,
    'webhook-timestamp': head.seconds,
    'webhook-signature': webhookSignature(secret, head, body),
  };
}
