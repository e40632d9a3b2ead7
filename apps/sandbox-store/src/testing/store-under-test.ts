import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxStore, type SandboxStore } from '../start-sandbox-store.js';

/** A store on a free port with folders of its own, and what a spec says to it. */
export class StoreUnderTest {
  private constructor(
    readonly dir: string,
    readonly store: SandboxStore,
  ) {}

  static async start(): Promise<StoreUnderTest> {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-sandbox-'));
    return new StoreUnderTest(dir, await startSandboxStore({ dir, keysDir: join(dir, 'keys') }));
  }

  /** @returns a store on the same folders, as after a restart */
  async restart(): Promise<StoreUnderTest> {
    await this.store.close();
    const { dir } = this;
    return new StoreUnderTest(dir, await startSandboxStore({ dir, keysDir: join(dir, 'keys') }));
  }

  async stop(): Promise<void> {
    await this.store.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async get(path: string, init: RequestInit = {}): Promise<Answer> {
    return answerOf(await fetch(`${this.store.url}${path}`, init));
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return this.get(path, { ...init, headers: { 'content-type': 'application/json', ...headers } });
  }

  /** Results of a refresh request. @param context installed snaps */
  async refresh(
    actions: readonly object[],
    architecture = 'amd64',
    context: readonly object[] = [],
  ): Promise<Results> {
    const headers = { 'snap-device-architecture': architecture };
    const { json } = await this.post('/v2/snaps/refresh', { context, actions }, headers);
    return (json as { results: Results }).results;
  }

  /** The revision and effective channel that a download of a channel gets. */
  async download(name: string, channel: string, architecture = 'amd64'): Promise<unknown[]> {
    const action = { action: 'download', 'instance-key': 'download-1', name, channel };
    const [result] = await this.refresh([action], architecture);
    return [result?.snap?.revision ?? result?.error?.code, result?.['effective-channel']];
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body, when it is JSON. */
  readonly json: unknown;
}

/** As much of a refresh result as specs look at. */
export interface Result {
  readonly result: string;
  readonly name?: string;
  readonly 'instance-key'?: string;
  readonly 'effective-channel'?: string;
  readonly 'redirect-channel'?: string;
  readonly error?: { readonly code: string; readonly extra?: { readonly releases: readonly unknown[] } };
  readonly snap?: {
    readonly revision: number;
    readonly 'snap-yaml'?: string;
    readonly download: { readonly url: string; readonly size: number; readonly 'sha3-384': string };
  };
}

export type Results = readonly Result[];

async function answerOf(response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type') === 'application/json' && bytes.length > 0;
  const json: unknown = isJson ? JSON.parse(bytes.toString()) : undefined;
  return { status: response.status, headers: response.headers, bytes, json };
}
