import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import type { UpstreamSettings } from '../settings.js';
import { UpstreamError } from '../errors.js';
import { egressError } from './egress-error.js';
import { pinnedLookup, refusal, type Resolve } from './pinned-lookup.js';
import { isPublicAddress } from './public-address.js';
import { MOST_REDIRECTS, redirected } from './redirect.js';

export interface EgressRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface EgressAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/**
 * The only way out. Goes to the configured origins, wherever they are, and to https hosts whose resolved address is public and
 * pinned for the connection: what an answer names can't lead us into the site's own network (architecture, section 11).
 */
export class Egress {
  private readonly origins: ReadonlySet<string>;
  private readonly trusted: Agent;
  private readonly guarded: Agent;

  constructor(settings: UpstreamSettings, resolve?: Resolve) {
    this.origins = new Set([settings.url.origin, ...settings.extraOrigins]);
    const { connect, downloadIdle } = settings.budgets;
    // Deadlines are ours, so that they span redirects; HTTP/1.1 since a store's CDN gains nothing by 2.
    const options = { allowH2: false, headersTimeout: 0, bodyTimeout: downloadIdle };
    this.trusted = new Agent({ ...options, connect: { timeout: connect } });
    this.guarded = new Agent({ ...options, connect: { timeout: connect, lookup: pinnedLookup(resolve) } });
  }

  /**
   * Sends a request and follows up to five redirects.
   * @throws UpstreamError `unreachable`, `timed-out`, `malformed-answer`, `refused-address`; what `signal` was aborted with
   */
  async send(request: EgressRequest, signal: AbortSignal): Promise<EgressAnswer> {
    let next = request;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await this.exchange(next, signal);
      const { location } = answer.headers;
      const then = redirected(next, answer.statusCode, location);
      if (!then)
        return { status: answer.statusCode, headers: answer.headers, body: answer.body, url: next.url };
      await answer.body.dump({ limit: 64 * 1024, signal });
      next = then;
    }
    throw new UpstreamError(
      'malformed-answer',
      `${request.url.origin} redirects more than ${MOST_REDIRECTS} times`,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.trusted.destroy(), this.guarded.destroy()]);
  }

  private async exchange(request: EgressRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { url } = request;
    const dispatcher = this.dispatcherFor(url);
    try {
      const answer = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal,
      });
      // Whoever reads the body sees its error; one that nobody reads any more must not end the process.
      answer.body.on('error', () => undefined);
      return answer;
    } catch (error) {
      throw egressError(error, url.origin, signal);
    }
  }

  /** @throws UpstreamError `refused-address` */
  private dispatcherFor(url: URL): Agent {
    if (url.username !== '' || url.password !== '')
      throw refusal(`upstream leads to an address with credentials`);
    if (this.origins.has(url.origin)) return this.trusted;
    if (url.protocol !== 'https:') {
      throw refusal(`upstream leads to ${url.origin}, which is neither configured nor https`);
    }
    // An address in the place of a name is never looked up: it is checked here, or not at all.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      throw refusal(`upstream leads to ${url.origin}, which isn't a public address`);
    }
    return this.guarded;
  }
}
