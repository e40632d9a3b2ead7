import type { Readable } from 'node:stream';
import type { JsonObject } from '#kernel';

export type Headers = Readonly<Record<string, string>>;

export interface CallOptions {
  /** More headers: a device's, say. */
  readonly headers?: Headers;
  /** Stops the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface Download {
  /** 200, or 206 when a range was asked for and given. */
  readonly status: 200 | 206;
  /** `content-length`, `content-range`, `content-type`, `etag`, `last-modified`, as far as upstream sent them. */
  readonly headers: Headers;
  /** Ends with an UpstreamError when upstream breaks off. */
  readonly body: Readable;
}

export interface RelayRequest extends CallOptions {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Path and query below the store's base, with a leading slash. */
  readonly path: string;
  readonly body?: Uint8Array;
  /** Milliseconds for the whole call, in place of the usual 8 s: a device's registration may take 30. */
  readonly budget?: number;
}

export interface RelayedAnswer {
  readonly status: number;
  /** End-to-end headers, names in lower case, and no `content-length`: the body is whole. */
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface FollowOptions extends CallOptions {
  /** Bytes; a longer answer is malformed. */
  readonly limit: number;
  /** Milliseconds for the whole call, in place of the usual 8 s. */
  readonly budget?: number;
}

/**
 * The upstream store, as a client of it sees it. All calls throw UpstreamError: `unreachable`, `timed-out`, `malformed-answer`,
 * `refused-address`; all but `relay` and `follow` also `server-error` and `not-found`.
 */
export interface UpstreamStore {
  /** POST /v2/snaps/refresh (protocol page, section 4). The answer is an object with a list of `results`, nothing else is checked. */
  refresh(body: JsonObject, options?: CallOptions): Promise<RefreshAnswer>;
  /** GET /v2/assertions/… (section 7): the assertion's exact bytes. */
  assertion(
    type: string,
    primaryKey: readonly string[],
    options?: CallOptions & { readonly maxFormat?: number },
  ): Promise<Uint8Array>;
  /** GET /v2/snaps/info/NAME (section 5.1). */
  info(
    name: string,
    query: { readonly architecture: string; readonly fields: readonly string[] },
    options?: CallOptions,
  ): Promise<Record<string, unknown>>;
  /** GET of an address that an answer named, or of a path on the store. `range` as the header has it: `bytes=5-`. */
  download(url: string, options?: CallOptions & { readonly range?: string }): Promise<Download>;
  /**
   * GET of an address that an answer named, whole, whatever its status. Of `headers`, what says who asks goes to the store's own origin only.
   */
  follow(url: string, options: FollowOptions): Promise<RelayedAnswer>;
  /** Any other call: the answer as it is, whatever its status. */
  relay(request: RelayRequest): Promise<RelayedAnswer>;
}

export interface RefreshAnswer {
  readonly results: readonly unknown[];
  readonly 'error-list'?: unknown;
}
