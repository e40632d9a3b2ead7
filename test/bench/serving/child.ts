import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const DIST = path.resolve(import.meta.dirname, '../../..');

/** A server that runs as a process of its own, as in production: who measures must not share its event loop. */
export interface Child {
  readonly url: string;
  /** Resident memory in bytes, as the kernel counts it. */
  rss(): number;
  /** Processor time in seconds, of all its threads, as the kernel counts it. */
  cpu(): number;
  stop(): Promise<void>;
}

/** @param program below dist/; it tells its `url` over IPC when it listens */
export async function startChild(
  program: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Child> {
  const child = fork(path.join(DIST, program), args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    url: await told(child, program),
    rss: () => residentBytes(child),
    cpu: () => cpuSeconds(child),
    stop: () => stop(child),
  };
}

function told(child: ChildProcess, program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // A server says first that it is alive, which has no url.
    child.on('message', ({ url }: { readonly url?: string }) => {
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code} before it listened`)));
  });
}

function residentBytes({ pid }: ChildProcess): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** The kernel counts in hundredths of a second, whatever it ticks in. */
function cpuSeconds({ pid }: ChildProcess): number {
  // The second field is the program's name, which may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
