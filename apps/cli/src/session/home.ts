import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Cli } from '../cli.js';

/** HOLDFAST_HOME of a site that runs on this machine, if one does. */
export function homeFolder(env: Cli['env']): string {
  return resolve(env['HOLDFAST_HOME'] ?? '.holdfast');
}

/** Where `holdfast up` keeps what its servers listen on; undefined when nothing runs, or ran, from this home. */
export async function runningControl(env: Cli['env']): Promise<string | undefined> {
  try {
    const running: unknown = JSON.parse(await readFile(join(homeFolder(env), 'run.json'), 'utf8'));
    const url =
      typeof running === 'object' && running !== null && 'control' in running ? running.control : undefined;
    return typeof url === 'string' && URL.canParse(url) ? url : undefined;
  } catch {
    return undefined;
  }
}
