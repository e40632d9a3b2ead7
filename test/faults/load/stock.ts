import { createHash } from 'node:crypto';
import type { SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';

export interface Published {
  readonly revision: number;
  readonly sha3_384: string;
  readonly content: Buffer;
}

const TAMPERED_BYTES = 2 * 1024 * 1024;
/** Where upstream has those files: the revision's number follows, and so all that begin with 902 are meant. */
const TAMPERED_FILES = '/api/v1/snaps/download/labtoolidlabtoolidlabtoolidlab02_902';
/** Large enough that no buffer between swallows it: a kill in the middle of a download is one. */
const LARGE_BYTES = 12 * 1024 * 1024;
/** Many of them are captured in a long run. */
const SMALL_BYTES = 64 * 1024;
/** Contents held in memory; others are fetched again. */
const HELD = 24;
const AGENT = { 'snap-device-series': '16', 'snap-device-architecture': 'amd64' };

/**
 * What upstream published, straight from there: the truth that devices' downloads are held against. Nothing of it ever went through the
 * site.
 */
export class Stock {
  static readonly LARGE_RELAYED = { snap: 'lab-tool', channel: 'latest/edge', revision: 900 } as const;
  static readonly LARGE_KEPT = { snap: 'lab-tool', channel: 'latest/candidate', revision: 901 } as const;
  /** Relayed as well; upstream sends other bytes than it signed, as many. So it does of all whose number begins with 902. */
  static readonly TAMPERED = { snap: 'lab-tool', channel: 'latest/beta', revision: 902 } as const;
  /** Upstream never had it, of any snap. */
  static readonly MISSING = 99;
  private readonly known = new Map<string, Promise<Published>>();
  private newest = 1_000;
  private newestTampered = Stock.TAMPERED.revision * 10_000;

  /** With which code a capture of that version must be refused; undefined: there is nothing wrong with it. */
  static refusalOf(version: string | null): string | undefined {
    if (version === String(Stock.MISSING)) return 'revision-not-found';
    return version?.startsWith(String(Stock.TAMPERED.revision)) ? 'tampered-artefact' : undefined;
  }

  constructor(private readonly upstream: SandboxStore) {
    for (const { snap, revision } of [Stock.LARGE_RELAYED, Stock.LARGE_KEPT]) {
      upstream.addRevision(snap, revision, String(revision), undefined, LARGE_BYTES);
    }
    const { snap, revision } = Stock.TAMPERED;
    upstream.addRevision(snap, revision, String(revision), undefined, TAMPERED_BYTES);
    for (const each of [Stock.LARGE_RELAYED, Stock.TAMPERED])
      upstream.release(each.snap, each.channel, each.revision);
    upstream.fault({ mode: 'tamper-blob', path: TAMPERED_FILES });
  }

  /** A revision that must never be captured: its file is not what upstream signed. */
  addTampered(): number {
    this.newestTampered += 1;
    const { snap } = Stock.TAMPERED;
    this.upstream.addRevision(snap, this.newestTampered, 'tampered', undefined, SMALL_BYTES);
    return this.newestTampered;
  }

  /** A revision that nobody has captured yet; each is larger than the one before, so that going back shows. */
  addRevision(snap: string): number {
    this.newest += 1;
    this.upstream.addRevision(snap, this.newest, String(this.newest), undefined, SMALL_BYTES);
    return this.newest;
  }

  published(snap: string, revision: number): Promise<Published> {
    const key = `${snap} ${revision}`;
    const known = this.known.get(key) ?? this.fetch(snap, revision);
    this.known.delete(key);
    this.known.set(key, known);
    const oldest = this.known.keys().next().value;
    if (this.known.size > HELD && oldest !== undefined) this.known.delete(oldest);
    return known;
  }

  private async fetch(name: string, revision: number): Promise<Published> {
    const action = { action: 'download', 'instance-key': 'download-1', name, revision, epoch: null };
    const response = await fetch(`${this.upstream.url}/v2/snaps/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...AGENT },
      body: JSON.stringify({ context: [], actions: [action], fields: ['download', 'revision'] }),
    });
    const { results } = (await response.json()) as { results: { snap: { download: { url: string } } }[] };
    const url = results[0]?.snap.download.url;
    if (url === undefined) throw new Error(`upstream has no revision ${revision} of ${name}`);
    const content = Buffer.from(await (await fetch(url)).arrayBuffer());
    return { revision, content, sha3_384: createHash('sha3-384').update(content).digest('hex') };
  }
}
