import { spawn, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';

export type NodeProcess = ChildProcessByStdio<null, Readable, null>;

const ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * A Node process of its own that runs `code`, an ES module which may import our source (`#platform/…`): for specs that kill it.
 * What it needs to know it finds in `process.argv`, from index 1 on.
 */
export function nodeProcess(code: string, ...args: readonly string[]): NodeProcess {
  const flags = [
    '--conditions=source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    '--import',
    path.join(import.meta.dirname, 'source-hooks.mjs'),
    '--input-type=module',
    '--eval',
    code,
  ];
  return spawn(process.execPath, [...flags, '--', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The next line that the process prints. @throws Error when it ends without one */
export async function nextLine(child: NodeProcess): Promise<string> {
  let read = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    read += String(chunk);
    const end = read.indexOf('\n');
    if (end >= 0) return read.slice(0, end);
  }
  throw new Error('the process ended without a word');
}
