import { readFile } from 'node:fs/promises';
import { ConfigError } from '#platform/config';

/** An Ed25519 seed from a file. @throws ConfigError, naming the setting, when the file holds no 32 bytes in hex */
export async function readSeed(setting: string, file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([`${setting}: the file cannot be read (${error.code ?? error.message}).`]);
  });
  if (!/^[0-9a-f]{64}\s*$/i.test(text)) {
    throw new ConfigError([`${setting}: the file does not hold 32 bytes in hex.`]);
  }
  return Buffer.from(text.trim(), 'hex');
}
