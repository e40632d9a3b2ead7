import { NotificationError } from '../../errors.js';

/** CloudEvents by HTTP POST, signed as Standard Webhooks says. */
export type WebhookTarget = {
  readonly kind: 'webhook';
  readonly url: string;
};

/** Where a sink's events go. */
export type Target = WebhookTarget;

/** What a person says of it. */
export interface GivenTarget {
  readonly kind: Target['kind'];
  readonly address: string;
}

/** @throws NotificationError `wrong-sink` with a sentence for each mistake */
export function targetOf(given: GivenTarget): Target {
  switch (given.kind) {
    case 'webhook':
      return { kind: 'webhook', url: webhookUrl(given.address) };
  }
}

const LONGEST_URL = 2_000;

function webhookUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol) || text.length > LONGEST_URL)
    throw wrongSink([`${shown(text)} is no address for a webhook: say https://host/path`]);
  if (url.username !== '' || url.password !== '')
    throw wrongSink([
      "the webhook's address has credentials in it, which everybody would read in the history: leave them out; what is sent is signed",
    ]);
  if (url.hash !== '') throw wrongSink([`${shown(text)} has a fragment, which is never sent: leave it out`]);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw wrongSink([
      `${shown(text)} is plain http, which may only lead to this machine itself: say https, or 127.0.0.1`,
    ]);
  return url.href;
}

/** @param host as in a URL: an IPv6 address in brackets */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

function shown(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(short.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@'));
}

export function wrongSink(sentences: readonly string[]): NotificationError {
  return new NotificationError('wrong-sink', `nothing was changed: ${sentences.join(' ')}`);
}
