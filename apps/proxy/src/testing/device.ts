import type { JsonObject } from '#kernel';
import { REFRESH_FIELDS } from '#snap';

export const LAB_HELLO = 'labhelloidlabhelloidlabhelloid01';
export const LAB_TOOL = 'labtoolidlabtoolidlabtoolidlab02';
export const LAB_MULTI = 'labmultiidlabmultiidlabmultiid04';

export interface SnapAnswer {
  readonly result: string;
  readonly name?: string;
  readonly 'instance-key': string;
  readonly 'snap-id'?: string;
  readonly 'effective-channel'?: string;
  readonly 'redirect-channel'?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly snap?: {
    readonly revision: number;
    readonly download: { readonly url: string; readonly size: number; readonly 'sha3-384': string };
  };
}

/** Says to a proxy what snapd says. */
export class Device {
  constructor(
    private readonly url: string,
    readonly architecture = 'amd64',
    /** Of each of its requests for answers. */
    readonly headers: Record<string, string> = {},
  ) {}

  async post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(`${this.url}/v2/snaps/refresh`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'snap-device-architecture': this.architecture,
        'snap-device-series': '16',
        ...this.headers,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async results(
    actions: readonly JsonObject[],
    context: readonly JsonObject[] = [],
  ): Promise<readonly SnapAnswer[]> {
    const answer = await this.post({ context, actions, fields: REFRESH_FIELDS });
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { results: SnapAnswer[] }).results;
  }

  /** As another one: with its session, say. */
  with(headers: Record<string, string>): Device {
    return new Device(this.url, this.architecture, { ...this.headers, ...headers });
  }

  async install(name: string, more: JsonObject = {}): Promise<SnapAnswer> {
    const action = { action: 'install', 'instance-key': 'install-1', name, epoch: null, ...more };
    const [result] = await this.results([action]);
    if (!result) throw new Error('the answer is empty');
    return result;
  }

  async download(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
    return await fetch(url, { method, headers: { 'x-ubuntu-architecture': this.architecture, ...headers } });
  }

  async assertion(path: string): Promise<Response> {
    return await fetch(`${this.url}/v2/assertions/${path}`, {
      headers: { accept: 'application/x.ubuntu.assertion' },
    });
  }

  async info(
    name: string,
    query = `architecture=${this.architecture}&fields=revision,version,download`,
  ): Promise<Response> {
    return await fetch(`${this.url}/v2/snaps/info/${name}?${query}`);
  }
}

/** What is installed, as a context names it. */
export function installed(snapId: string, revision: number, more: JsonObject = {}): JsonObject {
  const epoch = { read: [0], write: [0] };
  return {
    'snap-id': snapId,
    'instance-key': snapId,
    revision,
    'tracking-channel': 'latest/stable',
    epoch,
    ...more,
  };
}

export function refresh(snapId: string, more: JsonObject = {}): JsonObject {
  return { action: 'refresh', 'snap-id': snapId, 'instance-key': snapId, ...more };
}
