import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why the specs with Debian's age cannot run here; undefined when they can. */
export function whyNoAge(): string | undefined {
  const there =
    spawnSync('age', ['--version']).status === 0 && spawnSync('age-keygen', ['--version']).status === 0;
  return there ? undefined : 'age is not installed (Debian: age)';
}

/** Makes a key pair as an operator does. @returns the recipient */
export async function ageKeygen(identityFile: string): Promise<string> {
  await run('age-keygen', ['-o', identityFile]);
  return (await run('age-keygen', ['-y', identityFile])).stdout.trim();
}

/** What `age -d` makes of a file. */
export async function ageDecrypt(identityFile: string, file: string): Promise<string> {
  return (await run('age', ['--decrypt', '--identity', identityFile, file], { maxBuffer: 64 * 1024 * 1024 }))
    .stdout;
}
