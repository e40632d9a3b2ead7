import { canonicalBytes, type JsonObject } from '#kernel';
import { Deadline } from '../egress/deadline.js';
import { Egress, type EgressAnswer, type EgressRequest } from '../egress/egress.js';
import type { Resolve } from '../egress/pinned-lookup.js';
import { UpstreamError } from '../errors.js';
import type { UpstreamSettings } from '../settings.js';
import { startDownload } from './download.js';
import { parseJsonObject, readBody } from './read-body.js';
import { answerHeaders, requestHeaders } from './relayed-headers.js';
import { statusError } from './status-error.js';
import type {
  CallOptions,
  Download,
  FollowOptions,
  RefreshAnswer,
  RelayedAnswer,
  RelayRequest,
  UpstreamStore,
} from './upstream-store.js';

/** What every call of ours says. Level v1 and v2 name the series differently (protocol page, section 2). */
const OWN_HEADERS = {
  'user-agent': 'holdfast',
  'snap-device-series': '16',
  'x-ubuntu-series': '16',
  'x-ubuntu-wire-protocol': '1',
  'snap-device-capabilities': 'default-tracks',
  'accept-encoding': 'identity',
};

interface Call extends CallOptions {
  readonly what: string;
  readonly limit: number;
  readonly budget?: number;
}

/** The store over HTTP. One per process: it keeps connections. */
export class HttpUpstreamStore implements UpstreamStore {
  private readonly egress: Egress;

  /** @param resolve in place of the system's resolver, for tests */
  constructor(
    private readonly settings: UpstreamSettings,
    resolve?: Resolve,
  ) {
    this.egress = new Egress(settings, resolve);
  }

  async refresh(body: JsonObject, options: CallOptions = {}): Promise<RefreshAnswer> {
    const what = 'snap revisions';
    const bytes = await this.whole(
      {
        method: 'POST',
        url: this.at('/v2/snaps/refresh'),
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: canonicalBytes(body),
      },
      { ...options, what, limit: this.settings.budgets.jsonBytes },
    );
    const answer = parseJsonObject(bytes, what);
    // A store in Go writes an empty list as null.
    const results = answer['results'] === null ? [] : answer['results'];
    if (!Array.isArray(results)) {
      throw new UpstreamError('malformed-answer', `upstream's answer about ${what} has no list of results`);
    }
    return { ...answer, results: results as readonly unknown[] };
  }

  async assertion(
    type: string,
    primaryKey: readonly string[],
    options: CallOptions & { readonly maxFormat?: number } = {},
  ): Promise<Uint8Array> {
    const name = [type, ...primaryKey].map((part) => encodeURIComponent(part)).join('/');
    return this.whole(
      {
        method: 'GET',
        url: this.at(`/v2/assertions/${name}?max-format=${options.maxFormat ?? 0}`),
        headers: { accept: 'application/x.ubuntu.assertion' },
      },
      { ...options, what: `assertion ${name}`, limit: this.settings.budgets.assertionBytes },
    );
  }

  async info(
    name: string,
    query: { readonly architecture: string; readonly fields: readonly string[] },
    options: CallOptions = {},
  ): Promise<Record<string, unknown>> {
    const what = `snap ${name}`;
    const url = this.at(`/v2/snaps/info/${encodeURIComponent(name)}`);
    url.search = new URLSearchParams({
      architecture: query.architecture,
      fields: query.fields.join(','),
    }).toString();
    const bytes = await this.whole(
      { method: 'GET', url, headers: { 'snap-device-architecture': query.architecture } },
      { ...options, what, limit: this.settings.budgets.jsonBytes },
    );
    return parseJsonObject(bytes, what);
  }

  async download(url: string, options: CallOptions & { readonly range?: string } = {}): Promise<Download> {
    const target = URL.parse(url, this.settings.url.href);
    if (!target)
      throw new UpstreamError('malformed-answer', 'upstream names a download address that is none');
    const { downloadHeaders } = this.settings.budgets;
    const headers = {
      ...OWN_HEADERS,
      ...options.headers,
      ...(options.range === undefined ? {} : { range: options.range }),
    };
    const request: EgressRequest = { method: 'GET', url: target, headers };
    using deadline = new Deadline(downloadHeaders, `download ${target.pathname}`, options.signal);
    return startDownload(await this.egress.send(request, deadline.signal), options);
  }

  async follow(address: string, options: FollowOptions): Promise<RelayedAnswer> {
    const url = URL.parse(address, this.settings.url.href);
    if (!url) throw new UpstreamError('malformed-answer', 'upstream names an address that is none');
    const headers = requestHeaders(options.headers ?? {});
    const own = url.origin === this.settings.url.origin;
    const request: EgressRequest = { method: 'GET', url, headers: own ? headers : forStrangers(headers) };
    const { answer, bytes } = await this.exchange(request, { ...options, what: url.pathname });
    return { status: answer.status, headers: answerHeaders(answer.headers), body: bytes };
  }

  async relay(request: RelayRequest): Promise<RelayedAnswer> {
    const { method, path, body } = request;
    const call = { ...request, what: path, limit: this.settings.budgets.jsonBytes };
    const { answer, bytes } = await this.exchange(
      {
        method,
        url: this.at(path),
        headers: requestHeaders(request.headers ?? {}),
        ...(body === undefined ? {} : { body }),
      },
      call,
    );
    return { status: answer.status, headers: answerHeaders(answer.headers), body: bytes };
  }

  async close(): Promise<void> {
    await this.egress.close();
  }

  /** The body of an answer that says 200. */
  private async whole(request: EgressRequest, call: Call): Promise<Buffer> {
    const headers = { ...OWN_HEADERS, ...request.headers, ...call.headers };
    const { answer, bytes } = await this.exchange({ ...request, headers }, call);
    if (answer.status !== 200) throw statusError(answer, call.what);
    return bytes;
  }

  private async exchange(
    request: EgressRequest,
    call: Call,
  ): Promise<{ answer: EgressAnswer; bytes: Buffer }> {
    using deadline = new Deadline(call.budget ?? this.settings.budgets.call, call.what, call.signal);
    const answer = await this.egress.send(request, deadline.signal);
    return { answer, bytes: await readBody(answer, call.limit, deadline.signal) };
  }

  /** A path below the store's base, joined as snapd does it (protocol page, section 1). */
  private at(path: string): URL {
    const base = this.settings.url;
    const url = URL.parse(base.origin + base.pathname.replace(/\/+$/, '') + path);
    // A dot segment would name another thing than the one that was decided on.
    const stays = path.startsWith('/') && url?.pathname.endsWith(path.replace(/[?#].*$/s, ''));
    if (!url || !stays) throw new TypeError(`${JSON.stringify(path)} is no path`);
    return url;
  }
}

/** What any server on the way to an artefact may know of who asks. */
function forStrangers(headers: Readonly<Record<string, string>>): Record<string, string> {
  const known = ['accept', 'accept-encoding', 'user-agent'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => known.includes(name)));
}
