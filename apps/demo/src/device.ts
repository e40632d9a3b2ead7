import { createHash } from 'node:crypto';
import { splitAssertions, verifyChain, type TrustRoots } from '#snap';

/** What a store offers a device: the part of its answer that this device looks at. */
export interface Offer {
  readonly name: string;
  readonly snapId: string;
  readonly revision: number;
  readonly url: string;
  readonly sha3_384: string;
}

interface Answer {
  readonly results: readonly {
    readonly result: string;
    readonly error?: { readonly code: string; readonly message: string };
    readonly snap?: {
      readonly name: string;
      readonly 'snap-id': string;
      readonly revision: number;
      readonly download: { readonly url: string; readonly 'sha3-384': string };
    };
  }[];
}

/**
 * A device of the demo: asks the proxy as `snap download` does, and believes nothing that the publisher's signatures don't say.
 * The real client is in the interop tests; this one needs nothing installed.
 */
export class Device {
  constructor(
    private readonly proxy: string,
    private readonly roots: TrustRoots,
    private readonly architecture = 'amd64',
  ) {}

  /** What it would get for a channel, or for an explicit revision. @throws Error with the store's code and message */
  async ask(
    name: string,
    wanted: { readonly channel: string } | { readonly revision: number },
  ): Promise<Offer> {
    const response = await fetch(`${this.proxy}/v2/snaps/refresh`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'snap-device-series': '16',
        'snap-device-architecture': this.architecture,
        'snap-device-capabilities': 'default-tracks',
      },
      body: JSON.stringify({
        context: [],
        actions: [{ action: 'download', 'instance-key': 'download-1', name, ...wanted, epoch: null }],
        fields: ['architectures', 'download', 'name', 'revision', 'snap-id', 'version'],
      }),
    });
    const { results } = (await response.json()) as Answer;
    const [result] = results;
    if (!result?.snap) {
      throw new Error(
        result?.error ? `${result.error.code}: ${result.error.message}` : 'the store answered nothing',
      );
    }
    const { 'snap-id': snapId, revision, download } = result.snap;
    return { name, snapId, revision, url: download.url, sha3_384: download['sha3-384'] };
  }

  /** Downloads an offer and verifies it up to a root: digest, snap-revision, snap-declaration, accounts and keys. @returns its size in bytes */
  async fetchAndVerify(offer: Offer): Promise<number> {
    const content = Buffer.from(await (await this.get(offer.url)).arrayBuffer());
    const digest = createHash('sha3-384').update(content).digest();
    if (digest.toString('hex') !== offer.sha3_384)
      throw new Error(`${offer.name}: the content is not what was offered`);
    const revision = await this.assertions(`snap-revision/${digest.toString('base64url')}`);
    const declaration = await this.assertions(`snap-declaration/16/${offer.snapId}`);
    const publisher = /^publisher-id: (.+)$/m.exec(declaration)?.[1] ?? '';
    const account = await this.assertions(`account/${publisher}`);
    const keys = await Promise.all([revision, declaration, account].map((text) => this.signingKey(text)));
    const stream = Buffer.from([...new Set([revision, declaration, account, ...keys])].join('\n'));
    verifyChain(splitAssertions(stream), this.roots);
    return content.length;
  }

  private async signingKey(assertion: string): Promise<string> {
    const id = /^sign-key-sha3-384: (.+)$/m.exec(assertion)?.[1] ?? '';
    return this.assertions(`account-key/${id}`);
  }

  private async assertions(path: string): Promise<string> {
    return (await this.get(`${this.proxy}/v2/assertions/${path}`)).text();
  }

  private async get(url: string): Promise<Response> {
    const response = await fetch(url, { headers: { accept: 'application/x.ubuntu.assertion' } });
    if (!response.ok) throw new Error(`${response.status} for ${new URL(url).pathname}`);
    return response;
  }
}
