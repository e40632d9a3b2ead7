import { readFile } from 'node:fs/promises';
import { sentenceOf } from '#kernel';
import { ConfigError } from '../config.js';
import { requireServable } from './secure-options.js';
import { readPair, type TlsPair } from './tls-pair.js';

export interface CertificateInFile {
  readonly text: string;
  readonly pair: TlsPair;
}

/** @throws Error when the file is there and cannot be read */
export async function textOfCertificate(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A pair that a server can be made with. @throws TlsError */
export function readServable(text: string): TlsPair {
  const pair = readPair(text);
  requireServable(pair);
  return pair;
}

/**
 * What the file that a setting names holds; undefined when there is none.
 * @throws ConfigError, saying what is wrong with the file
 */
export async function openCertificate(file: string): Promise<CertificateInFile | undefined> {
  try {
    const text = await textOfCertificate(file);
    return text === undefined ? undefined : { text, pair: readServable(text) };
  } catch (error) {
    throw new ConfigError([`HOLDFAST_CERTIFICATE_FILE is ${JSON.stringify(file)}: ${sentenceOf(error)}.`]);
  }
}
