import { access, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, writeDurably } from './durable-file.js';
import { LedgerError } from './errors.js';

const OF_A_WRITER = /^\.writing-([0-9]+)$/;
/** Of a writer that was shut out. */
const REMAINS = /^\.ended-/;

/**
 * Where one writer's files are made, before each is renamed to its place. Every writer has a folder of its own, named after the epoch of its lease, and
 * who takes over moves its predecessors' away first. One that still runs, since it stood still between being checked and writing, then
 * has nowhere to write, and what it had written and not yet renamed is gone: the file system refuses it what no database can.
 */
export class Staging {
  private count = 0;

  private constructor(
    private readonly folder: string,
    private readonly own: string,
  ) {}

  /** @throws LedgerError `fenced-out` when a writer of a later epoch was here */
  static async open(folder: string, epoch: bigint): Promise<Staging> {
    const own = path.join(folder, `.writing-${epoch}`);
    await makeFolder(own);
    for (const name of await readdir(folder)) {
      if (REMAINS.test(name)) await rm(path.join(folder, name), { recursive: true, force: true });
      const other = OF_A_WRITER.exec(name)?.[1];
      if (other === undefined || BigInt(other) === epoch) continue;
      if (BigInt(other) > epoch) {
        await rm(own, { recursive: true, force: true });
        throw fencedOut(folder);
      }
      await shutOut(path.join(folder, name), path.join(folder, `.ended-${other}`));
    }
    return new Staging(folder, own);
  }

  /**
   * Writes files, named from the folder on, so that a crash leaves each as it was or whole, and so that all are on disk once this
   * resolves.
   * @throws LedgerError `fenced-out`: then some may have been written, of which each is whole
   */
  async write(files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
    const inPlace = new Map([...files].map(([name, bytes]) => [path.join(this.folder, name), bytes]));
    try {
      await writeDurably(inPlace, () => path.join(this.own, String(this.count++)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw fencedOut(this.folder, error);
      throw error;
    }
  }

  /** @throws LedgerError `fenced-out` */
  async refuseIfShutOut(): Promise<void> {
    await access(this.own).catch((error: unknown) => {
      throw fencedOut(this.folder, error);
    });
  }
}

/** By a rename, so that there is no moment in which the other one has half of its folder. */
async function shutOut(writing: string, remains: string): Promise<void> {
  await rm(remains, { recursive: true, force: true });
  await rename(writing, remains).catch((error: NodeJS.ErrnoException) => {
    // It saw us, and took it away itself.
    if (error.code !== 'ENOENT') throw error;
  });
  await rm(remains, { recursive: true, force: true });
}

function fencedOut(folder: string, cause?: unknown): LedgerError {
  return new LedgerError(
    'fenced-out',
    `another projector took over and writes to ${folder}: nothing was signed here since`,
    undefined,
    { cause },
  );
}
