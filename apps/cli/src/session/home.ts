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
    return controlUrl(running);
  } catch {
    return undefined;
  }
}

function controlUrl(running: unknown): string | undefined {
  const control = member(running, 'control');
  const url = typeof control === 'string' ? control : member(control, 'url');
  return typeof url === 'string' && URL.canParse(url) ? url : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
