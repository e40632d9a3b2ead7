import path from 'node:path';
import { webhookSignature } from '#platform/webhooks/standard-webhooks';
import type { Asked } from './control-under-test.js';

/** Two secrets of `servicedesk`: one is being replaced by the other. */
export const TICKET_SYSTEMS_FILE = path.join(import.meta.dirname, 'ticket-systems');
export const TICKET_SECRET = 'whsec_b25lIHNlY3JldCBvZiB0aGUgc2VydmljZSBkZXNr';
export const NEXT_TICKET_SECRET = 'whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHNlcnZpY2UgZGVzaw==';

export const TICKET = {
  system: 'servicedesk',
  id: 'CHG-2042',
  url: 'https://tickets.site.example/CHG-2042',
} as const;

/** Where the service desk says how its tickets stand. */
export const TICKET_MESSAGES = '/v1/ticket-systems/servicedesk/messages';

let messages = 0;

/** As a ticket system sends it. @param at of the try, RFC 3339 */
export function ticketMessage(
  body: object | string,
  at: string,
  {
    id = `msg_${++messages}`,
    secret = TICKET_SECRET,
  }: { readonly id?: string; readonly secret?: string } = {},
): Required<Pick<Asked, 'body' | 'headers'>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const seconds = String(Math.floor(Date.parse(at) / 1000));
  return {
    body: text,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': webhookSignature(secret, { id, seconds }, text),
    },
  };
}
