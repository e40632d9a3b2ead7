import { readFile } from 'node:fs/promises';
import { ConfigError } from '#platform/config';

/** The key that session tokens are made under. @throws ConfigError when the file holds no 32 bytes in hex */
export async function readSiteKey(path: string): Promise<Uint8Array> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([
      `HOLDFAST_SITE_KEY_FILE: the file cannot be read (${error.code ?? error.message}).`,
    ]);
  });
  if (!/^[0-9a-f]{64}\s*$/i.test(text)) {
    throw new ConfigError(['HOLDFAST_SITE_KEY_FILE: the file does not hold 32 bytes in hex.']);
  }
  return Buffer.from(text.trim(), 'hex');
}
