import type { CustomFetch } from 'openid-client';
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import type { ForwardProxy } from '#platform/forward-proxy';
import { isLoopback } from '#platform/settings-of-single-sign-on';
import { IdentityError } from '../domain/errors.js';
import type { SignOnSettings } from './settings.js';

/** How long each answer is waited for. */
export const PATIENCE_MS = 10_000;
/** Of an answer, in bytes: keys and tokens are a few thousand. */
const LONGEST_ANSWER = 256 * 1024;

/** Where the provider is, and the way to it. */
export type ProviderAddress = Pick<SignOnSettings, 'issuer' | 'origins' | 'authorities' | 'proxy'>;

/**
 * How the identity provider is asked: at its own origin and those that the site names, following no redirect, for so long and so many bytes. What its answers name is
 * followed nowhere else: they could lead into the site's own network.
 */
export class ProviderFetch {
  private readonly origins: ReadonlySet<string>;
  private readonly direct: Agent;
  private readonly proxied: { readonly agent: ProxyAgent; readonly proxy: ForwardProxy } | undefined;

  constructor(
    { issuer, origins, authorities, proxy }: ProviderAddress,
    private readonly patienceMs: number,
  ) {
    this.origins = new Set([issuer, ...origins].map((each) => new URL(each).origin));
    const tls = { timeout: patienceMs, ...(authorities ? { ca: authorities } : {}) };
    const options = { headersTimeout: patienceMs, bodyTimeout: patienceMs };
    this.direct = new Agent({ ...options, connect: tls });
    if (!proxy) return;
    const agent = new ProxyAgent({
      ...options,
      uri: proxy.url.origin,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
      requestTls: tls,
      proxyTls: tls,
      connectTimeout: patienceMs,
    });
    this.proxied = { agent, proxy };
  }

  /** @throws IdentityError `identity-provider-failed` */
  requireAllowed(url: URL): void {
    if (this.origins.has(url.origin)) return;
    throw failedProvider(
      `it leads to ${url.origin}, which is not where it is itself: if that is right, name it in sso-origins`,
    );
  }

  readonly fetch: CustomFetch = async (address, { method, headers, body }) => {
    const url = new URL(address);
    this.requireAllowed(url);
    const signal = AbortSignal.timeout(this.patienceMs);
    try {
      const answer = await request(url, {
        method: method === 'POST' ? 'POST' : 'GET',
        headers,
        body: textOf(body),
        signal,
        dispatcher: this.wayTo(url),
      });
      const bytes = await bounded(answer.body);
      const { 'content-type': type, date } = answer.headers;
      return new Response(new Uint8Array(bytes), {
        status: withBody(answer.statusCode),
        headers: {
          ...(type === undefined ? {} : { 'content-type': String(type) }),
          ...(date === undefined ? {} : { date: String(date) }),
        },
      });
    } catch (error) {
      if (error instanceof IdentityError) throw error;
      throw failedProvider(
        signal.aborted
          ? `${url.origin} did not answer within ${this.patienceMs / 1_000} seconds`
          : `${url.origin} cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };

  async close(): Promise<void> {
    await Promise.all([this.direct.destroy(), this.proxied?.agent.destroy()]);
  }

  /** What is on this machine is reached directly: a proxy elsewhere would look for it on its own. */
  private wayTo(url: URL): Dispatcher {
    if (!this.proxied || isLoopback(url) || this.proxied.proxy.direct(url)) return this.direct;
    return this.proxied.agent;
  }
}

/** What the library sends is a form, or nothing. */
function textOf(body: Parameters<CustomFetch>[1]['body']): string | null {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a form is sent to an identity provider, or nothing');
}

/** A `Response` takes no body with some numbers, nor any number: whatever is no 2xx to 5xx is no answer of a provider. */
function withBody(status: number): number {
  return status < 200 || status > 599 || [204, 205, 304].includes(status) ? 502 : status;
}

async function bounded(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > LONGEST_ANSWER) throw failedProvider(`it answers with more than ${LONGEST_ANSWER / 1024} KiB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export function failedProvider(why: string): IdentityError {
  return new IdentityError(
    'identity-provider-failed',
    `the identity provider cannot make sure of anybody: ${why}. Sign in with the password`,
  );
}
