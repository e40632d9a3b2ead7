import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { againWhenLost } from '#api-client/again-when-lost';
import type { Fetch } from '#api-client/client';
import { ApiProblem, isProblem } from '#api-client/problem';
import type { Reason } from '#kernel';
import { answered } from './answered.js';
import type { ChangeOutcome } from './types.js';

/** What is said of a file that is sent. */
export interface SentFile {
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Hex; the server refuses what is anything else. */
  readonly sha256: string;
  readonly reason: Reason;
}

export interface AttachedFile extends ChangeOutcome {
  readonly sha256: string;
  readonly size: number;
}

/** As much of `fetch` as streams need. */
type StreamFetch = (target: URL, request: RequestInit & { readonly duplex?: 'half' }) => Promise<Response>;

/** Milliseconds: a file on a slow line. */
const PATIENCE_MS = 120_000;

/** Files of requests, which are no JSON, and are not held in memory. Throws as Control does. */
export class AttachmentCalls {
  private readonly fetchFrom: StreamFetch;

  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
    fetchFrom: Fetch = fetch,
  ) {
    // Ours from the home takes streams as well as texts.
    this.fetchFrom = fetchFrom as StreamFetch;
  }

  async attach(id: string, file: SentFile): Promise<AttachedFile> {
    const { name, mediaType, sha256, reason } = file;
    const target = this.target(id);
    const said = { name, mediaType, sha256, reasonCode: reason.code, reason: reason.text };
    for (const [key, value] of Object.entries(said)) target.searchParams.set(key, value);
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(file.size),
      'idempotency-key': `"${randomUUID()}"`,
    };
    // Each time from its beginning.
    const body = () => Readable.toWeb(createReadStream(file.path)) as ReadableStream;
    const send = () => this.send(target, { method: 'POST', headers, body: body(), duplex: 'half' });
    const response = await answered(this.url, againWhenLost(send));
    return (await response.json()) as AttachedFile;
  }

  /** @returns the bytes as they come; whoever reads them compares the digest */
  async open(id: string, sha256: string): Promise<AsyncIterable<Uint8Array>> {
    const { body } = await answered(this.url, this.send(this.target(id, sha256), {}));
    return Readable.fromWeb((body ?? new ReadableStream()) as never);
  }

  private target(id: string, sha256?: string): URL {
    const path = ['v1', 'change-requests', id, 'attachments', ...(sha256 === undefined ? [] : [sha256])];
    return new URL(`/${path.map(encodeURIComponent).join('/')}`, this.url);
  }

  private async send(target: URL, request: RequestInit & { duplex?: 'half' }): Promise<Response> {
    const headers = new Headers(request.headers);
    if (this.token !== undefined) headers.set('authorization', `Bearer ${this.token}`);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await this.fetchFrom(target, { ...request, headers, redirect: 'error', signal });
    if (response.ok) return response;
    const problem: unknown = await response.json().catch(() => undefined);
    throw new ApiProblem(response.status, isProblem(problem) ? problem : undefined);
  }
}
