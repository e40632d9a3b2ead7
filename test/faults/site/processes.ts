import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';

/** Processes of a site, found by what Linux says of them: the site is not asked. */
export class SiteProcesses {
  constructor(private readonly home: string) {}

  /** Of a server, if it runs. */
  async server(name: string): Promise<number | undefined> {
    return (await this.servers(name))[0];
  }

  /** All that run as this server: one, unless an earlier one outlived its supervisor. */
  async servers(name: string): Promise<number[]> {
    const ours: number[] = [];
    for (const pid of await pids()) {
      const [command, environment] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
      ]);
      if (command.includes(`dist/apps/${name}/`) && environment.includes(`${this.home}/`)) ours.push(pid);
    }
    return ours;
  }

  /** The postmaster first, then the processes that it made. */
  async postgres(): Promise<number[]> {
    const data = await realpath(path.join(this.home, 'pg', 'data')).catch(() => undefined);
    const ours: number[] = [];
    for (const pid of await pids()) {
      if (data !== undefined && (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data) ours.push(pid);
    }
    return ours.toSorted((a, b) => a - b);
  }
}

/** SIGKILL, SIGSTOP, SIGCONT to whichever of them are still there. */
export function signal(
  name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT',
  targets: readonly (number | undefined)[],
): void {
  for (const pid of targets) {
    if (pid === undefined) continue;
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function pids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}
