import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';

/** What the file holds, without the newline; undefined when there is none. */
export async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file that only our account can read, whole or not at all, and not over another one. */
export async function writeSecret(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
    await handle.close();
    await link(unfinished, file);
  } finally {
    await rm(unfinished);
  }
}

/**
 * A key of 32 bytes, kept as hex; made when absent and `make` is set.
 * @throws Error when the file is no such key, or is missing
 */
export async function keyOf(file: string, make: boolean): Promise<Buffer> {
  const kept = await readSecret(file);
  if (kept !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(kept)) throw new Error(`${file} is not a key of 32 bytes in hex`);
    return Buffer.from(kept, 'hex');
  }
  if (!make)
    throw new Error(
      `${file} is missing: this site was founded with that key. Restore it from where it was kept`,
    );
  const key = randomBytes(32);
  await writeSecret(file, key.toString('hex'));
  return key;
}
