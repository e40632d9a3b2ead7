import { X509Certificate } from 'node:crypto';
import { sentenceOf } from '#kernel';
import { ConfigError } from './config.js';
import { readSettingFile } from './setting-file.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a file that a setting names, in PEM: whom alone we trust of a server's certificate.
 * @throws ConfigError for a file that cannot be read, has none, or one that is none
 */
export async function readAuthorities(variable: string, file: string): Promise<string> {
  const found = (await readSettingFile(variable, file)).match(CERTIFICATE) ?? [];
  if (found.length === 0) throw wrong(variable, file, 'it has no certificate in PEM');
  for (const [i, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch (error) {
      throw wrong(variable, file, `its certificate ${i + 1} cannot be read (${sentenceOf(error)})`);
    }
  }
  return found.join('\n');
}

function wrong(variable: string, file: string, why: string): ConfigError {
  return new ConfigError([`${variable} is ${JSON.stringify(file)}: ${why}.`]);
}
