import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CacheFolder, CacheSpace, FoundFile } from './cache-space.js';
import { ifThere } from '#platform/if-there';

/** What is used in between is not known to be used after a crash: it may go a little too early then, and is fetched again. */
const EVERY_MS = 60_000;

/** Folders that share the room of one space. */
export interface CacheShare {
  readonly space: CacheSpace;
  readonly folders: readonly CacheFolder[];
  /** Whether the order of use outlives the process; else it is that in which the files were written. */
  readonly ordered: boolean;
}

/**
 * What a cache's space must know beyond one process: the order of use, in a file that may be lost without harm (a file's own times can't say it,
 * since setting them would change its fingerprint), and what somebody else removed meanwhile.
 */
export class CacheUpkeep {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private saved = '';

  private constructor(
    private readonly shares: readonly CacheShare[],
    private readonly root: string,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => {
      this.running = this.look();
    }, EVERY_MS);
    this.timer.unref();
  }

  /**
   * Tells each space of all that is in its folders, which makes room.
   * @param root the cache folder
   * @param failed told when the order of use could not be kept
   */
  static async start(
    shares: readonly CacheShare[],
    root: string,
    failed: (error: unknown) => void,
  ): Promise<CacheUpkeep> {
    const order = await readOrder(orderFile(root));
    for (const { space, folders } of shares) {
      const found = await Promise.all(folders.map((folder) => copiesIn(root, folder, order)));
      space.found(new Map(found.flat()));
    }
    return new CacheUpkeep(shares, root, failed);
  }

  /** Takes leave of what is not there any more, and keeps the order of use. */
  async look(): Promise<void> {
    try {
      await this.forget();
      await this.save();
    } catch (error) {
      this.failed(error);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    for (const { space } of this.shares) await space.settled();
    await this.look();
  }

  private async forget(): Promise<void> {
    for (const { space, folders } of this.shares) {
      const known = [...space.all.keys()];
      const there = await Promise.all(folders.map((folder) => pathsIn(join(this.root, folder))));
      const paths = new Set(there.flat());
      for (const path of known) if (!paths.has(path)) space.gone(path);
    }
  }

  /** A crash on the way leaves the previous one. */
  private async save(): Promise<void> {
    const used = this.shares
      .filter(({ ordered }) => ordered)
      .flatMap(({ space }) => [...space.all])
      .map(([path, { usedAt }]) => [relative(this.root, path), usedAt]);
    const text = JSON.stringify({ v: 1, used: Object.fromEntries(used) as Record<string, number> });
    if (text === this.saved) return;
    const file = orderFile(this.root);
    await mkdir(this.root, { recursive: true });
    await writeFile(`${file}.new`, text, { mode: 0o640 });
    await rename(`${file}.new`, file);
    this.saved = text;
  }
}

function orderFile(root: string): string {
  return join(root, 'order-of-use.json');
}

/** What is lost, edited or of another version says nothing. */
async function readOrder(path: string): Promise<ReadonlyMap<string, number>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('v' in value) || value.v !== 1) return new Map();
    const used = 'used' in value && typeof value.used === 'object' ? value.used : {};
    return new Map(
      Object.entries(used ?? {}).filter((pair): pair is [string, number] => Number.isFinite(pair[1])),
    );
  } catch {
    return new Map();
  }
}

/** Copies are named by digests. */
function isCopy(name: string): boolean {
  return /^[0-9a-f]{64,96}$/.test(name);
}

async function copiesIn(
  root: string,
  folder: CacheFolder,
  order: ReadonlyMap<string, number>,
): Promise<[string, FoundFile][]> {
  const names = (await namesIn(join(root, folder))).filter(isCopy);
  const found = names.map(async (name): Promise<[string, FoundFile][]> => {
    const path = join(root, folder, name);
    // Somebody may delete it meanwhile.
    const there = await ifThere(stat(path));
    if (!there) return [];
    const usedAt = order.get(`${folder}/${name}`) ?? there.mtimeMs;
    return [[path, { folder, bytes: there.size, usedAt }]];
  });
  return (await Promise.all(found)).flat();
}

async function pathsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifThere(readdir(folder))) ?? [];
}
