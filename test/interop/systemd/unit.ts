import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const ROOT = path.resolve(import.meta.dirname, '../../..');
export const DEPLOY = path.join(ROOT, 'deploy/systemd');

/** The settings of our unit and its drop-in, in order, as `Name=value`; `/opt/holdfast` is this checkout. */
export async function unitSettings(): Promise<readonly string[]> {
  const files = ['holdfast.service', 'holdfast.service.d/keys.conf'];
  const texts = await Promise.all(files.map((file) => readFile(path.join(DEPLOY, file), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => /^[A-Z][A-Za-z]+=/.test(line))
    .map((line) => line.replaceAll('/opt/holdfast', ROOT));
}

/** The values of one setting. */
export function valuesOf(settings: readonly string[], name: string): string[] {
  return settings.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
}

/** What the machine lacks of these programs, for the name of a skipped suite. */
export async function missingProgram(...programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    const found = await run('sh', ['-c', `command -v ${program}`]).catch(() => undefined);
    if (found === undefined) return `the program ${program}`;
  }
  return undefined;
}
