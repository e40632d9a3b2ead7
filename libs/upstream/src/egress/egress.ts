import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { UpstreamSettings } from '../settings.js';
import { UpstreamError } from '../errors.js';
import { Dispatchers } from './dispatchers.js';
import { egressError } from './egress-error.js';
import type { Resolve } from './pinned-lookup.js';
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

/** The only way out: see {@link Dispatchers} for where it leads. */
export class Egress {
  private readonly dispatchers: Dispatchers;

  constructor(settings: UpstreamSettings, resolve?: Resolve) {
    this.dispatchers = new Dispatchers(settings, resolve);
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

  /** Sends a request, and follows nowhere. @throws as {@link send} */
  async sendOnce(request: EgressRequest, signal: AbortSignal): Promise<EgressAnswer> {
    const { statusCode, headers, body } = await this.exchange(request, signal);
    return { status: statusCode, headers, body, url: request.url };
  }

  async close(): Promise<void> {
    await this.dispatchers.close();
  }

  private async exchange(request: EgressRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { url } = request;
    const { dispatcher, through } = this.dispatchers.wayTo(url);
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
      throw egressError(error, url.origin, signal, through?.url.origin);
    }
  }
}
