import type { Headers } from './upstream-store.js';

/** RFC 9110, 7.6.1, and what describes our own connection: neither passes in either direction. */
const HOP_BY_HOP = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** A device's headers as they go on: without compression, so that what comes back can be read and cached. */
export function requestHeaders(headers: Headers): Record<string, string> {
  return { ...endToEnd(headers, [...HOP_BY_HOP, 'accept-encoding']), 'accept-encoding': 'identity' };
}

export function answerHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  return endToEnd(headers, HOP_BY_HOP);
}

function endToEnd(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  without: readonly string[],
): Record<string, string> {
  // What `Connection` names is hop-by-hop as well.
  const named =
    joined(headers['connection'])
      ?.toLowerCase()
      .split(/\s*,\s*/) ?? [];
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const text = joined(value);
    if (text !== undefined && !without.includes(lower) && !named.includes(lower)) kept[lower] = text;
  }
  return kept;
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
