import { readFile } from 'node:fs/promises';
import { ConfigError } from './config.js';
import { refusedBy } from './setting-folder.js';

/** The text of a file that a setting names. @throws ConfigError, naming the setting; what the disk failed with, where that is not the setting's fault */
export async function readSettingFile(variable: string, file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    throw refusedBy(variable, file, error);
  });
}

/** A key of 32 bytes, which stands there in hex. @throws as {@link readSettingFile}; ConfigError when it holds no such key */
export async function readKeyFile(variable: string, file: string): Promise<Buffer> {
  const text = await readSettingFile(variable, file);
  if (!/^[0-9a-f]{64}\s*$/i.test(text))
    throw new ConfigError([
      `${variable} is ${JSON.stringify(file)}: the file does not hold 32 bytes in hex.`,
    ]);
  return Buffer.from(text.trim(), 'hex');
}
