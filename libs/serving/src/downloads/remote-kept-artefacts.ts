import { BlobStoreError, type BlobReader } from '#blob-store/port';
import { ServingError } from '../errors.js';
import type { ArtefactCache } from './artefact-cache.js';
import type { ArtefactFetch } from './artefact-fetch.js';
import type { KeptArtefact, KeptArtefacts, Unusable } from './kept-artefacts.js';
import type { PrefetchedArtefacts } from './prefetch.js';
import type { ServedFile } from './served-file.js';

/** Together with what a transfer may take to begin, less than the 15 s that snapd waits for an answer (protocol page, 3). */
const LOOK_WITHIN_MS = 3_000;

/** Fetches artefacts from kept blobs that are elsewhere; their addresses are their SHA-256. */
export function keptFetch(blobs: BlobReader): ArtefactFetch {
  return async (sha256, from, signal) => {
    const bytes = await told(() => blobs.open(sha256, { start: from }, signal));
    return { from, bytes: toldAll(bytes) };
  };
}

/**
 * Kept blobs on another machine, through a cache on this one: each is fetched once, verified, and then served from disk, also while the
 * other machine is away. The first who ask follow the transfer, since snapd gives up a server that is silent; what turns out to be
 * altered completes no answer.
 */
export class RemoteKeptArtefacts implements KeptArtefacts, PrefetchedArtefacts {
  constructor(
    private readonly blobs: Pick<BlobReader, 'size'>,
    /** Filled by {@link keptFetch} of the same blobs. */
    private readonly cache: ArtefactCache,
  ) {}

  async check(artefact: KeptArtefact): Promise<'intact' | Unusable> {
    return (await this.cache.has(artefact.sha3_384)) ? 'intact' : await this.look(artefact);
  }

  async open(artefact: KeptArtefact, start: number): Promise<ServedFile | Unusable> {
    const here = await this.cache.openHere(artefact, start);
    if (here) return here;
    const found = await this.look(artefact);
    if (found !== 'intact') return found;
    const { sha256, sha3_384, size } = artefact;
    return await this.cache.open({ sha3_384, size, upstream: sha256 }, start);
  }

  hasCopy({ sha3_384 }: KeptArtefact): boolean {
    return this.cache.hasCopy(sha3_384);
  }

  async fetchAhead(artefact: KeptArtefact): Promise<void> {
    const found = await this.look(artefact);
    if (found !== 'intact')
      throw new ServingError('artefact-missing', `the kept blob ${artefact.sha256} is ${found}`);
    const { sha256, sha3_384, size } = artefact;
    await this.cache.fetchAhead({ sha3_384, size, upstream: sha256 });
  }

  /** As far as can be seen from here: its bytes are verified on their way. */
  private async look({ sha256, size }: KeptArtefact): Promise<'intact' | Unusable> {
    const kept = await told(() => this.blobs.size(sha256, AbortSignal.timeout(LOOK_WITHIN_MS)));
    if (kept === undefined) return 'missing';
    return kept === size ? 'intact' : 'altered';
  }
}

async function* toldAll(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw translated(error);
  }
}

async function told<Result>(operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (!(error instanceof BlobStoreError)) return error;
  const code = error.code === 'not-found' ? 'artefact-missing' : 'kept-unavailable';
  return new ServingError(code, `the kept blobs: ${error.message}`, { cause: error });
}
