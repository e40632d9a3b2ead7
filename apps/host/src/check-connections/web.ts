import { HttpUpstreamStore, upstreamSettings, type WayOut } from '#upstream/published';
import type { Connection } from './connection.js';

/** What a setting lists with commas between. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/**
 * Asked as snapd's own connectivity check asks a store (protocol page 5.7). Any answer is one: it came the whole way. Of a plain http host it
 * may be the forward proxy's own, which nothing tells apart: then it is said.
 */
export function web(origin: string, wayOut: WayOut, name = `http: ${origin}`): Connection {
  const asksProxy = origin.startsWith('http:') && wayOut.proxy?.direct(new URL(origin)) === false;
  return {
    name,
    async reach() {
      const store = new HttpUpstreamStore(upstreamSettings(origin, '', {}, wayOut));
      try {
        const { status } = await store.relay({ method: 'HEAD', path: '/' });
        if (status >= 400 && asksProxy) return `it, or the forward proxy, answers with status ${status}`;
        return status >= 500 ? `it answers with status ${status}` : undefined;
      } finally {
        await store.close();
      }
    },
  };
}
