import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DIST = path.resolve(import.meta.dirname, '../../..');

/** A server that runs as a process of its own, as in production: who measures must not share its event loop. */
export interface Child {
  readonly url: string;
  /** Resident memory in bytes, as the kernel counts it. */
  rss(): number;
  /** Processor time in seconds, of all its threads, as the kernel counts it. */
  cpu(): number;
  /** Tells it a word, over IPC. @returns when it has said that it heard it */
  tell(word: string): Promise<void>;
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
    tell: (word) => tell(child, word),
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

function tell(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve) => {
    const hear = ({ heard }: { readonly heard?: string }): void => {
      if (heard !== word) return;
      child.off('message', hear);
      resolve();
    };
    child.on('message', hear);
    child.send(word);
  });
}

function residentBytes({ pid }: ChildProcess): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** What the scheduler has counted, in nanoseconds, of each thread; those of a server live as long as it does. */
function cpuSeconds({ pid }: ChildProcess): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return ns.reduce((sum, each) => sum + each, 0) / 1e9;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
