import { readFile } from 'node:fs/promises';
import { ConfigError } from '#platform/config';

/** What the secrets of sinks are sealed with; undefined without a file. @throws ConfigError when the file holds no 32 bytes in hex */
export async function readSinksKey(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([
      `HOLDFAST_SINKS_KEY_FILE is ${JSON.stringify(file)}: it cannot be read (${error.code ?? error.message}).`,
    ]);
  });
  if (!/^[0-9a-f]{64}\s*$/.test(text))
    throw new ConfigError([
      `HOLDFAST_SINKS_KEY_FILE is ${JSON.stringify(file)}: it does not hold 32 bytes in hex; "holdfast prepare" writes it.`,
    ]);
  return Buffer.from(text.trim(), 'hex');
}
