import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { KNOWN_SETTINGS } from '#platform/known-settings';

/** The embedded server's own: a new one makes its own. */
const OF_THIS_MACHINE = new Set(['database-owner']);

/** Whatever the home keeps as a secret, by the files' names. */
export async function readSecretFiles(folder: string): Promise<Record<string, string>> {
  const files = await readFolder(folder);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !OF_THIS_MACHINE.has(name)));
}

/** The files of a flat folder; no folder, no files. Dot files and folders in it are not ours. */
export async function readFolder(folder: string | undefined): Promise<Record<string, string>> {
  if (folder === undefined) return {};
  const files: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const file = path.join(folder, name);
    if (name.startsWith('.')) continue;
    // A secret that is just being written has a passing name.
    const there = await stat(file).catch(absent);
    const text = there?.isFile() ? await readFile(file, 'utf8').catch(absent) : undefined;
    if (text !== undefined) files[name] = text;
  }
  return files;
}

/** A person's session is no setting of the site. */
const NOT_THE_SITES = new Set(['HOLDFAST_TOKEN', 'HOLDFAST_URL']);

/** The settings that are in force for this process: whoever backs up gives it the environment that the servers get. */
export function settingsIn(env: NodeJS.ProcessEnv): Record<string, string> {
  const set = ['BLOBS_URL', 'EVENTSTORE_URL', ...KNOWN_SETTINGS]
    .filter((name) => !NOT_THE_SITES.has(name))
    .map((name) => [name, env[name]] as const);
  return Object.fromEntries(set.filter((pair): pair is readonly [string, string] => Boolean(pair[1])));
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
