import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BUILD, DOCUMENTS, fileList, filesOf } from './installation.js';

/** What is installed: which version, which build of it, and with which documents (R34). Digests are SHA-256, hex. */
export interface Release {
  readonly version: string;
  /** Of the list of the built files, without other people's packages: what two installations of one build have in common. */
  readonly build: string;
  /** By path. */
  readonly documents: ReadonlyMap<string, string>;
  /** Of the list of the documents. */
  readonly documentsDigest: string;
}

/** @param root of the installation, where its package.json is */
export async function releaseAt(root: string): Promise<Release> {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const documents = await filesOf(root, DOCUMENTS);
  return {
    version,
    build: digestOf(await filesOf(root, BUILD)),
    documents,
    documentsDigest: digestOf(documents),
  };
}

function digestOf(files: ReadonlyMap<string, string>): string {
  return createHash('sha256').update(fileList(files)).digest('hex');
}
