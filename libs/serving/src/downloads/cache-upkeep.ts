import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { CacheFolder, CacheSpace, FoundFile } from './cache-space.js';
import { isMissing } from './file-fingerprint.js';

/** What is used in between is not known to be used after a crash: it may go a little too early then, and is fetched again. */
const EVERY_MS = 60_000;

/**
 * What a cache's space must know beyond one process: the order of use, in a file that may be lost without harm (a file's own times can't say it,
 * since setting them would change its fingerprint), and what somebody else removed meanwhile.
 */
export class CacheUpkeep {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private saved = '';

  private constructor(
    private readonly space: CacheSpace,
    private readonly root: string,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => {
      this.running = this.look();
    }, EVERY_MS);
    this.timer.unref();
  }

  /**
   * Tells the space of all that is in the folders, and makes room.
   * @param root the cache folder
   * @param failed told when the order of use could not be kept
   */
  static async start(
    space: CacheSpace,
    root: string,
    folders: readonly CacheFolder[],
    failed: (error: unknown) => void,
  ): Promise<CacheUpkeep> {
    const order = await readOrder(orderFile(root));
    const files = new Map<string, FoundFile>();
    for (const folder of folders) {
      for (const name of (await namesIn(join(root, folder))).filter(isCopy)) {
        const path = join(root, folder, name);
        const file = await stat(path);
        const usedAt = order.get(`${folder}/${name}`) ?? file.mtimeMs;
        if (file.isFile()) files.set(path, { folder, bytes: file.size, usedAt });
      }
    }
    space.found(files);
    return new CacheUpkeep(space, root, failed);
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
    await this.space.settled();
    await this.look();
  }

  private async forget(): Promise<void> {
    const known = [...this.space.all.keys()];
    const there = new Map<string, ReadonlySet<string>>();
    for (const folder of new Set(known.map(dirname))) {
      there.set(folder, new Set((await namesIn(folder)).map((name) => join(folder, name))));
    }
    for (const path of known) if (there.get(dirname(path))?.has(path) !== true) this.space.gone(path);
  }

  /** A crash on the way leaves the previous one. */
  private async save(): Promise<void> {
    const used = [...this.space.all].map(([path, { usedAt }]) => [relative(this.root, path), usedAt]);
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

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
