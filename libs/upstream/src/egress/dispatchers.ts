import { isIP } from 'node:net';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { UpstreamSettings } from '../settings.js';
import type { ForwardProxy } from '#platform/forward-proxy';
import { pinnedLookup, refusal, type Resolve } from './pinned-lookup.js';
import { isPublicAddress } from './public-address.js';
import { mayBePublic } from './public-name.js';

export interface Way {
  readonly dispatcher: Dispatcher;
  /** The forward proxy that it leads through. */
  readonly through?: ForwardProxy;
}

/**
 * Ways to the configured origins, wherever they are, and to https hosts elsewhere whose address is public: what an answer names must not lead us
 * into the site's own network (architecture, section 11). Directly, an address is resolved, checked and pinned for the connection. Through a
 * forward proxy it is the proxy that resolves names, and so the proxy that keeps them out of the site's network: here only what
 * is plainly no public name is refused.
 */
export class Dispatchers {
  private readonly origins: ReadonlySet<string>;
  private readonly trusted: Agent;
  private readonly guarded: Agent;
  private readonly proxied: { readonly agent: ProxyAgent; readonly proxy: ForwardProxy } | undefined;

  constructor({ url, extraOrigins, budgets, wayOut }: UpstreamSettings, resolve?: Resolve) {
    this.origins = new Set([url.origin, ...extraOrigins]);
    const tls = { timeout: budgets.connect, ...(wayOut.authorities ? { ca: wayOut.authorities } : {}) };
    // Deadlines are ours, so that they span redirects; HTTP/1.1 since a store's CDN gains nothing by 2.
    const options = { allowH2: false, headersTimeout: 0, bodyTimeout: budgets.downloadIdle };
    this.trusted = new Agent({ ...options, connect: tls });
    this.guarded = new Agent({ ...options, connect: { ...tls, lookup: pinnedLookup(resolve) } });
    const { proxy } = wayOut;
    if (!proxy) return;
    const agent = new ProxyAgent({
      ...options,
      uri: proxy.url.origin,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
      requestTls: tls,
      proxyTls: tls,
      connectTimeout: budgets.connect,
      // Plain http is asked of the proxy itself: most tunnel to port 443 only.
      proxyTunnel: false,
    });
    this.proxied = { agent, proxy };
  }

  /** @throws UpstreamError `refused-address` */
  wayTo(url: URL): Way {
    if (url.username !== '' || url.password !== '')
      throw refusal(`upstream leads to an address with credentials`);
    const configured = this.origins.has(url.origin);
    if (!configured) refuseUnlessPublic(url);
    if (this.proxied && !this.proxied.proxy.direct(url)) {
      if (!configured && !mayBePublic(url.hostname))
        throw refusal(`upstream leads to ${url.origin}, which isn't a public name`);
      return { dispatcher: this.proxied.agent, through: this.proxied.proxy };
    }
    return { dispatcher: configured ? this.trusted : this.guarded };
  }

  async close(): Promise<void> {
    await Promise.all([this.trusted.destroy(), this.guarded.destroy(), this.proxied?.agent.destroy()]);
  }
}

function refuseUnlessPublic(url: URL): void {
  if (url.protocol !== 'https:') {
    throw refusal(`upstream leads to ${url.origin}, which is neither configured nor https`);
  }
  // An address in the place of a name is never looked up: it is checked here, or not at all.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) {
    throw refusal(`upstream leads to ${url.origin}, which isn't a public address`);
  }
}
