import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServingError } from '../errors.js';
import type { ArtefactFetch } from './artefact-fetch.js';
import { fileFingerprint } from './file-fingerprint.js';
import { Filling, type FillingArtefact } from './filling.js';
import { followFilling } from './follow-filling.js';
import { wholeFile, type ServedFile } from './served-file.js';

const DIGEST = /^[0-9a-f]{96}$/;

export type CacheResult = 'hit' | 'joined' | 'miss';

/** Told of what an operator must be able to see. */
export interface ArtefactCacheEvents {
  /** Somebody asks for an artefact: it is there, on its way, or fetched now. */
  asked(result: CacheResult): void;
  /** The other side sent, or our disk held, other bytes than the digest says. They were not served. */
  mismatch(sha3_384: string, where: 'upstream' | 'disk', detail: string): void;
}

/**
 * Artefacts of elsewhere (upstream's, or kept ones in a bucket) on our disk, by SHA3-384. Nothing is in it that wasn't verified: a transfer gets its name only then, and a file that
 * an earlier process left is verified before its first use. Losing it costs transfers, nothing else.
 */
export class ArtefactCache {
  private readonly filling = new Map<string, Filling>();
  private readonly endings = new Set<Promise<void>>();
  private readonly verified = new Map<string, string>();
  private readonly closing = new AbortController();

  private constructor(
    private readonly folder: string,
    private readonly fetch: ArtefactFetch,
    private readonly events: ArtefactCacheEvents,
  ) {}

  static async open(
    folder: string,
    fetch: ArtefactFetch,
    events: ArtefactCacheEvents,
  ): Promise<ArtefactCache> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.endsWith('.partial')) await rm(join(folder, name), { force: true });
    }
    return new ArtefactCache(folder, fetch, events);
  }

  /**
   * The artefact, whole or following the one transfer that is under way; as soon as byte `start` may be sent.
   * @throws ServingError `upstream-unavailable`, `artefact-missing`, `artefact-mismatch`; sending it fails with the same
   */
  async open(artefact: FillingArtefact, start: number): Promise<ServedFile> {
    if (!DIGEST.test(artefact.sha3_384))
      throw new ServingError('artefact-missing', 'this is no SHA3-384 digest');
    const path = this.path(artefact.sha3_384);
    if (await this.intact(artefact.sha3_384)) {
      this.events.asked('hit');
      return wholeFile(await open(path, 'r'), artefact.size);
    }
    return await followFilling(this.fill(artefact), path, start);
  }

  /** Whether it is on our disk, whole and verified. */
  async has(sha3_384: string): Promise<boolean> {
    return DIGEST.test(sha3_384) && (await this.intact(sha3_384));
  }

  /** Ends the transfers under way. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.endings);
  }

  /** Single flight: whoever asks while a transfer is under way follows it. */
  private fill(artefact: FillingArtefact): Filling {
    const running = this.filling.get(artefact.sha3_384);
    this.events.asked(running ? 'joined' : 'miss');
    if (running) return running;
    const filling = new Filling(
      artefact,
      `${this.path(artefact.sha3_384)}.partial`,
      this.fetch,
      this.closing.signal,
    );
    this.filling.set(artefact.sha3_384, filling);
    const ending = this.keep(filling).finally(() => {
      this.filling.delete(artefact.sha3_384);
      this.endings.delete(ending);
    });
    this.endings.add(ending);
    return filling;
  }

  private async keep(filling: Filling): Promise<void> {
    const { sha3_384 } = filling.artefact;
    try {
      await filling.verified();
      await rename(filling.path, this.path(sha3_384));
      const fingerprint = await fileFingerprint(this.path(sha3_384));
      if (fingerprint !== undefined) this.verified.set(sha3_384, fingerprint);
    } catch (error) {
      await rm(filling.path, { force: true });
      if (error instanceof ServingError && error.code === 'artefact-mismatch') {
        this.events.mismatch(sha3_384, 'upstream', error.message);
      }
    }
  }

  private async intact(sha3_384: string): Promise<boolean> {
    const path = this.path(sha3_384);
    const fingerprint = await fileFingerprint(path);
    if (fingerprint === undefined) return false;
    if (this.verified.get(sha3_384) === fingerprint) return true;
    const digest = await digestOf(path);
    if (digest === sha3_384) {
      this.verified.set(sha3_384, fingerprint);
      return true;
    }
    this.events.mismatch(sha3_384, 'disk', `the cached file has sha3-384 ${digest}`);
    await rm(path, { force: true });
    return false;
  }

  private path(sha3_384: string): string {
    return join(this.folder, sha3_384);
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha3-384');
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
