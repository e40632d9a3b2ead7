import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Why the specs with Debian's chrony cannot run here; undefined when they can. */
export function whyNoChrony(): string | undefined {
  const there = ['chronyd', 'chronyc'].every((name) => spawnSync(name, ['--version']).status === 0);
  return there ? undefined : 'chrony is not installed (Debian: chrony)';
}

/** A real chronyd that leaves the machine's clock alone (`-x`), runs as whoever runs the specs (`-U`), and is asked by a socket of its own. */
export class Chronyd {
  private constructor(
    private readonly child: ChildProcess,
    readonly socket: string,
  ) {}

  /** @param directives what it follows, and what it serves: lines of chrony.conf(5) */
  static async start(folder: string, directives: readonly string[]): Promise<Chronyd> {
    // It trusts a folder that nobody else can write to, and no other one.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o750 });
    const socket = join(folder, 'chronyd.sock');
    const lines = ['cmdport 0', `bindcmdaddress ${socket}`, `pidfile ${join(folder, 'chronyd.pid')}`];
    const file = join(folder, 'chrony.conf');
    await writeFile(file, `${[...lines, ...directives].join('\n')}\n`);
    const child = spawn('chronyd', ['-x', '-U', '-u', userInfo().username, '-d', '-f', file], {
      stdio: 'ignore',
    });
    return new Chronyd(child, socket);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
