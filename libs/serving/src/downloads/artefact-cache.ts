import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ServingError } from '../errors.js';
import type { ArtefactFetch, ArtefactSource } from './artefact-fetch.js';
import type { CacheSpace, Reservation } from './cache-space.js';
import { Filling, type FillingArtefact } from './filling.js';
import { followFilling } from './follow-filling.js';
import { ifThere } from '#platform/if-there';
import { onDisk } from './on-disk.js';
import { wholeFile, type ServedFile } from './served-file.js';
import { VerifiedFiles } from './verified-files.js';

const DIGEST = /^[0-9a-f]{96}$/;

export type CacheResult = 'hit' | 'joined' | 'miss';

/** Told of what an operator must be able to see. */
export interface ArtefactCacheEvents {
  /** Somebody asks for an artefact: it is there, on its way, or fetched now. */
  asked(result: CacheResult): void;
  /** The other side sent, or our disk held, other bytes than the digest says. They were not served. */
  mismatch(sha3_384: string, where: ArtefactSource | 'disk', detail: string): void;
  /** Our disk did not take a transfer, whether or not somebody still waits for it. */
  notKept(error: ServingError): void;
}

/** Which folder of the cache has the artefacts of a source. */
export const FOLDER_OF = { upstream: 'artefacts', kept: 'kept' } as const;

/**
 * Artefacts of elsewhere (upstream's, or kept ones in a bucket) on our disk, by SHA3-384. Nothing is in it that wasn't verified: a transfer gets its name only then, and a file that
 * an earlier process left is verified before its first use. Losing it costs transfers, nothing else: what is used least goes when room is needed.
 */
export class ArtefactCache {
  private readonly filling = new Map<string, Filling>();
  private readonly endings = new Set<Promise<void>>();
  private readonly verified = new VerifiedFiles('sha3-384', (digest, found) => this.altered(digest, found));
  private readonly closing = new AbortController();

  private constructor(
    private readonly folder: string,
    private readonly fetch: ArtefactFetch,
    private readonly source: ArtefactSource,
    private readonly space: CacheSpace,
    private readonly events: ArtefactCacheEvents,
  ) {}

  /**
   * @param root the cache folder, in which this one is by its source
   * @param space may be shared with others, and is told by {@link CacheUpkeep} of what is there already
   */
  static async open(
    root: string,
    fetch: ArtefactFetch,
    source: ArtefactSource,
    space: CacheSpace,
    events: ArtefactCacheEvents,
  ): Promise<ArtefactCache> {
    const folder = join(root, FOLDER_OF[source]);
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.endsWith('.partial')) await rm(join(folder, name), { force: true });
    }
    return new ArtefactCache(folder, fetch, source, space, events);
  }

  /**
   * The artefact, whole or following the one transfer that is under way; as soon as byte `start` may be sent.
   * @throws ServingError `upstream-unavailable` or `kept-unavailable`, `artefact-missing`, `artefact-mismatch`, `cache-unavailable`; sending it fails with the same
   */
  async open(artefact: FillingArtefact, start: number): Promise<ServedFile> {
    if (!DIGEST.test(artefact.sha3_384))
      throw new ServingError('artefact-missing', 'this is no SHA3-384 digest');
    return await this.keeping(
      artefact.sha3_384,
      async () => (await this.here(artefact, start)) ?? (await followFilling(this.fill(artefact), start)),
    );
  }

  /** As {@link open}, if it is on our disk or on its way there: then nobody elsewhere is asked for it. */
  async openHere(
    artefact: Pick<FillingArtefact, 'sha3_384' | 'size'>,
    start: number,
  ): Promise<ServedFile | undefined> {
    return await this.keeping(artefact.sha3_384, () => this.here(artefact, start));
  }

  /** Whether it is on our disk, whole and verified. */
  async has(sha3_384: string): Promise<boolean> {
    const letGo = await this.space.keep(this.path(sha3_384));
    try {
      const intact = await this.openIntact(sha3_384);
      await intact?.file.close();
      return intact !== undefined;
    } finally {
      letGo();
    }
  }

  /** Whether there is one on our disk, as far as is known without looking: it is verified when it is used. */
  hasCopy(sha3_384: string): boolean {
    return this.space.has(this.path(sha3_384));
  }

  /** Fetches what nobody asks for yet. Resolves once it is here. @throws ServingError as {@link open} */
  async fetchAhead(artefact: FillingArtefact): Promise<void> {
    const letGo = await this.space.keep(this.path(artefact.sha3_384));
    try {
      await (this.filling.get(artefact.sha3_384) ?? this.start(artefact)).finished;
    } finally {
      letGo();
    }
  }

  /** Ends the transfers under way. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.endings);
  }

  /** Nothing makes room with it from before it is opened until whoever got it closes it. */
  private async keeping<Served extends ServedFile | undefined>(
    sha3_384: string,
    open: () => Promise<Served>,
  ): Promise<Served> {
    const letGo = await this.space.keep(this.path(sha3_384));
    try {
      const served = await open();
      if (served) return { ...served, close: () => served.close().finally(letGo) };
      letGo();
      return served;
    } catch (error) {
      letGo();
      throw error;
    }
  }

  private async here(
    { sha3_384, size }: Pick<FillingArtefact, 'sha3_384' | 'size'>,
    start: number,
  ): Promise<ServedFile | undefined> {
    const running = this.filling.get(sha3_384);
    if (running) {
      this.events.asked('joined');
      return await followFilling(running, start);
    }
    const intact = await this.openIntact(sha3_384);
    if (!intact) return undefined;
    this.events.asked('hit');
    this.space.used(this.path(sha3_384), { folder: FOLDER_OF[this.source], bytes: size });
    return wholeFile(intact.file, size, intact.fingerprint);
  }

  /** Single flight: whoever asks while a transfer is under way follows it. */
  private fill(artefact: FillingArtefact): Filling {
    const running = this.filling.get(artefact.sha3_384);
    this.events.asked(running ? 'joined' : 'miss');
    return running ?? this.start(artefact);
  }

  private start(artefact: FillingArtefact): Filling {
    const path = this.path(artefact.sha3_384);
    const room = this.space.reserve(path, { folder: FOLDER_OF[this.source], bytes: artefact.size });
    const filling = new Filling(artefact, path, this.fetch, this.source, this.closing.signal);
    this.filling.set(artefact.sha3_384, filling);
    const ending = this.finish(filling, room).finally(() => this.endings.delete(ending));
    this.endings.add(ending);
    return filling;
  }

  private async finish(filling: Filling, room: Reservation): Promise<void> {
    const kept = await this.keep(filling);
    this.filling.delete(filling.artefact.sha3_384);
    if (kept) room.filled();
    else room.dropped();
  }

  /** @returns whether it is on our disk now */
  private async keep(filling: Filling): Promise<boolean> {
    const { sha3_384 } = filling.artefact;
    try {
      this.verified.add(sha3_384, await filling.finished);
      return true;
    } catch (error) {
      // What cannot be removed now is written over the next time.
      await rm(filling.partial, { force: true }).catch(() => undefined);
      if (error instanceof ServingError && error.code === 'artefact-mismatch') {
        this.events.mismatch(sha3_384, this.source, error.message);
      }
      if (error instanceof ServingError && error.code === 'cache-unavailable') this.events.notKept(error);
      return false;
    }
  }

  /** The very file that was verified, to be closed by who asked. */
  private async openIntact(
    sha3_384: string,
  ): Promise<{ readonly file: FileHandle; readonly fingerprint: string } | undefined> {
    if (!DIGEST.test(sha3_384)) return undefined;
    const path = this.path(sha3_384);
    const file = await onDisk('cache-unavailable', `open ${path}`, () => ifThere(open(path, 'r')));
    if (!file) this.space.gone(path);
    if (!file) return undefined;
    try {
      const fingerprint = await onDisk('cache-unavailable', `read ${path}`, () =>
        this.verified.check(file, sha3_384),
      );
      if (fingerprint !== undefined) return { file, fingerprint };
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  private async altered(sha3_384: string, found: string): Promise<void> {
    this.events.mismatch(sha3_384, 'disk', `the cached file has sha3-384 ${found}`);
    await rm(this.path(sha3_384), { force: true });
    this.space.gone(this.path(sha3_384));
  }

  private path(sha3_384: string): string {
    return join(this.folder, sha3_384);
  }
}
