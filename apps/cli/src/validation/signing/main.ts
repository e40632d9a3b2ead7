import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noteSigner, signNote } from '#tlog';
import { FILE_LIST, FILE_LIST_NOTE, fileList, filesOf, installationRoot, noteText } from '../installation.js';
import { releaseAt } from '../release.js';

/**
 * What whoever packages an installation runs last: `node dist/apps/cli/src/validation/signing/main.js NAME KEYFILE`. NAME is the key's, KEYFILE holds
 * its 32 bytes in hex and stays with the packager. Prints the public half, which sites pin.
 */
const [name, keyFile] = process.argv.slice(2);
if (name === undefined || keyFile === undefined) throw new Error('say NAME and KEYFILE');
const seed = (await readFile(keyFile, 'utf8')).trim();
if (!/^[0-9a-f]{64}$/.test(seed)) throw new Error(`${keyFile} does not hold 32 bytes in hex`);
const root = await installationRoot(import.meta.dirname);
const { version } = await releaseAt(root);
const list = fileList(await filesOf(root));
const signer = noteSigner(name, Buffer.from(seed, 'hex'));
await writeFile(path.join(root, FILE_LIST), list);
await writeFile(path.join(root, FILE_LIST_NOTE), signNote(noteText(version, list), [signer]));
process.stdout.write(`${signer.vkey}\n`);
