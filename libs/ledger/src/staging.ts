import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from './errors.js';

/** Files written at a time: a disk syncs several as fast as one. */
const AT_ONCE = 16;

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
   * resolves: a temporary file, fsync, rename, fsync of the folder.
   * @throws LedgerError `fenced-out`: then some may have been written, of which each is whole
   */
  async write(files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
    const waiting = [...files].map(([name, bytes]) => [path.join(this.folder, name), bytes] as const);
    const folders = new Set(waiting.map(([file]) => path.dirname(file)));
    while (waiting.length > 0) {
      await Promise.all(waiting.splice(0, AT_ONCE).map(([file, bytes]) => this.writeAndRename(file, bytes)));
    }
    for (const folder of folders) await syncFolder(folder);
  }

  /** @throws LedgerError `fenced-out` */
  async refuseIfShutOut(): Promise<void> {
    await access(this.own).catch((error: unknown) => {
      throw fencedOut(this.folder, error);
    });
  }

  private async writeAndRename(file: string, bytes: Uint8Array | string): Promise<void> {
    await makeFolder(path.dirname(file));
    const temporary = path.join(this.own, String(this.count++));
    try {
      const handle = await open(temporary, 'w', 0o644);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw fencedOut(this.folder, error);
      // A full disk is not made fuller.
      await rm(temporary, { force: true });
      throw error;
    }
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

/** A new folder is durable once its parent is. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.startsWith(first); made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
