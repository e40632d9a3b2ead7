import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import type { Assertion } from '#snap';
import type { SnapRig } from './rig.js';
import type { SnapRun } from './snap-client.js';

const CONFINED = path.join(import.meta.dirname, 'daemon/confined-snapd.sh');
const START_MS = 30_000;
const STOP_MS = 10_000;

/**
 * The real daemon with a state of its own, empty at first, in a mount namespace of its own: what it installs is seen by `snap` alone. It
 * reaches no store until `proxy.store` names one. Dispose of it when done; it also ends with our process.
 */
export class SnapDaemon implements AsyncDisposable {
  private constructor(
    private readonly snapBin: string,
    private readonly folder: string,
    private readonly supervisor: ChildProcess,
  ) {}

  /**
   * Resolves when the daemon is ready for its first snap.
   * @param seed a model, and the assertions up to its root; without one it is a machine of no brand, which gets no serial
   * @throws Error with what it said, when it does not start
   */
  static async start({ snapBin, snapdBin }: SnapRig, seed: readonly Assertion[] = []): Promise<SnapDaemon> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-snapd-'));
    if (seed.length > 0) await writeSeed(path.join(folder, 'state/var/lib/snapd/seed/assertions'), seed);
    // Detached: a process group of its own, so that all of it can be ended at once.
    const supervisor = spawn(
      'unshare',
      ['--mount', '--propagation', 'private', '--', CONFINED, snapdBin, path.join(folder, 'state')],
      { detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    supervisor.stderr.pipe(createWriteStream(path.join(folder, 'log')));
    const daemon = new SnapDaemon(snapBin, folder, supervisor);
    try {
      // Entered any earlier, its namespace would still be the machine's own, with the machine's own daemon in it.
      if ((await firstLine(supervisor.stdout)) === undefined) throw new Error('it could not be confined');
      await daemon.untilSeeded();
      return daemon;
    } catch (error) {
      const said = await daemon.log().catch(() => '');
      await daemon[Symbol.asyncDispose]();
      throw new Error(`snapd does not start:\n${said.split('\n').slice(-40).join('\n')}`, { cause: error });
    }
  }

  /**
   * Ends the daemon, as its machine does that goes down, and resolves when another one on the same state is ready.
   * @param environment that one has besides; no value has white space in it
   */
  async restart(environment: Readonly<Record<string, string>>): Promise<void> {
    const words = Object.entries(environment).map((pair) => pair.join('='));
    await writeFile(this.inState('environment'), words.join('\n'));
    const id = await this.processId();
    process.kill(id, 'SIGTERM');
    await vi.waitUntil(async () => (await this.processId()) !== id, { timeout: STOP_MS, interval: 50 });
    await this.untilSeeded();
  }

  /** The `snap` program against this daemon. Never throws for a status. */
  snap(...args: readonly string[]): Promise<SnapRun> {
    return this.run(this.snapBin, ...args);
  }

  /** A script for `sh`, on the daemon's machine and with its `snap`. Never throws for a status. */
  async script(text: string): Promise<SnapRun> {
    const file = path.join(this.folder, 'script');
    await writeFile(file, text);
    return this.run('env', `PATH=${path.dirname(this.snapBin)}:${process.env['PATH']}`, 'sh', file);
  }

  /** All that it said so far. */
  log(): Promise<string> {
    return readFile(path.join(this.folder, 'log'), 'utf8');
  }

  /** A file as the daemon's machine has it, snaps that are mounted there included. @throws Error when there is none */
  async read(file: string): Promise<string> {
    const { status, output } = await this.run('cat', file);
    if (status !== 0) throw new Error(output);
    return output;
  }

  /** The revision of a snap that `snap list` shows; undefined when it is not installed. */
  async installed(name: string): Promise<string | undefined> {
    const { output } = await this.snap('list');
    const row = output.split('\n').find((line) => line.startsWith(`${name} `));
    return row?.split(/\s+/)[2];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) {
      const ended = once(this.supervisor, 'close');
      const tarries = setTimeout(() => this.killGroup(), STOP_MS);
      this.supervisor.stdin?.end();
      await ended;
      clearTimeout(tarries);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private get running(): boolean {
    return this.supervisor.exitCode === null && this.supervisor.signalCode === null;
  }

  private inState(name: string): string {
    return path.join(this.folder, 'state', name);
  }

  private async processId(): Promise<number> {
    return Number(await readFile(this.inState('snapd.pid'), 'utf8'));
  }

  private killGroup(): void {
    if (this.supervisor.pid !== undefined) process.kill(-this.supervisor.pid, 'SIGKILL');
  }

  /** A daemon has work of its own to do before its first snap. */
  private async untilSeeded(): Promise<void> {
    const until = Date.now() + START_MS;
    for (;;) {
      if (!this.running) throw new Error('it ended by itself');
      const { status, output } = await this.snap('wait', 'system', 'seed.loaded');
      if (status === 0) return;
      if (Date.now() > until) throw new Error(output);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async run(command: string, ...args: readonly string[]): Promise<SnapRun> {
    const env = { PATH: process.env['PATH'], HOME: this.folder, SNAP_REEXEC: '0' };
    const enter = ['--mount', `--target=${this.supervisor.pid}`, '--', command, ...args];
    const child = spawn('nsenter', enter, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { status: child.exitCode ?? 1, output: stdout + stderr };
  }
}

async function writeSeed(folder: string, assertions: readonly Assertion[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, { type, bytes }] of assertions.entries())
    await writeFile(path.join(folder, `${index}.${type}`), bytes);
}

/** Undefined when the stream ends without one. */
async function firstLine(stream: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: stream })) return line;
  return undefined;
}
