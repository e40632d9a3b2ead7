import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '#platform/database/free-port';
import type { Assertion } from '#snap';

/**
 * A running fakestore. It serves the one file that it has of each snap name, whatever channel or revision is asked for, and reads its
 * folder at each request: what is published is served at once.
 */
export class Fakestore implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly top: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(fakestoreBin: string): Promise<Fakestore> {
    const top = await mkdtemp(path.join(tmpdir(), 'holdfast-fakestore-'));
    await mkdir(path.join(top, 'asserts'));
    // fakestore cannot say which port it got, so it cannot be given port 0. Whoever takes this one first makes it end, and we try again.
    for (let attempt = 0; attempt < 5; attempt++) {
      const address = `127.0.0.1:${await freePort()}`;
      const child = spawn(fakestoreBin, ['run', '--dir', top, '--addr', address], { stdio: 'ignore' });
      if (await answers(`http://${address}/`, child)) return new Fakestore(`http://${address}`, top, child);
    }
    throw new Error('fakestore does not start');
  }

  /** @param file named `<name>_<revision>.snap`; of several files with one snap name the last by file name is served */
  async publishSnap(file: string, bytes: Uint8Array): Promise<void> {
    await writeFile(path.join(this.top, file), bytes);
  }

  async publishAssertions(assertions: readonly Assertion[]): Promise<void> {
    for (const { type, primaryKey, bytes } of assertions) {
      await writeFile(path.join(this.top, 'asserts', `${primaryKey.join(',')}.${type}`), bytes);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null) {
      const gone = once(this.process, 'exit');
      this.process.kill();
      await gone;
    }
    await rm(this.top, { recursive: true, force: true });
  }
}

/** True once it answers, false once it has ended. */
async function answers(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null) {
    try {
      await fetch(url);
      return child.exitCode === null;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return false;
}
