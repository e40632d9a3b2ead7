import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { filesOfLog, openCheckpoint, TlogError, type Checkpoint, type NoteVerifier } from '#tlog';
import { CliError } from '../cli-error.js';
import { installationRoot } from '../validation/installation.js';
import { requireEmpty } from '../validation/pack.js';
import { FolderReader } from '../verify/folder-reader.js';
import { IntegrityError } from '../verify/integrity-error.js';
import { verifyLedger } from '../verify/verify-ledger.js';

/** What reads a bundle, and says how, without anything of ours. */
export const READER = 'read-trail.py';

/**
 * Copies a ledger as it is sealed now into a folder of its own, with its public key and the program that reads it, and verifies the copy. Holds a file at a
 * time, of 16 MiB at most.
 * @throws CliError `usage` for a folder with something in it; IntegrityError of what does not hold
 */
export async function writeBundle(from: string, to: string, verifier: NoteVerifier): Promise<Checkpoint> {
  await requireEmpty(to);
  const ledger = new FolderReader(from);
  const note = await ledger.read('checkpoint');
  if (!note) throw new CliError('unreadable-file', `${from} is no ledger: it has no checkpoint`);
  const { size } = opened(note, verifier, from);
  for (const { name, read } of filesOfLog(ledger, size)) {
    const bytes = await read();
    if (!bytes) throw new CliError('unreadable-file', `${from}/${name} is missing`);
    await put(path.join(to, name), bytes);
  }
  await put(path.join(to, 'checkpoint'), note);
  await put(path.join(to, 'log.vkey'), `${verifier.vkey}\n`);
  await copyFile(
    path.join(await installationRoot(import.meta.dirname), 'tools', READER),
    path.join(to, READER),
  );
  const { checkpoint } = await verifyLedger(to, verifier, undefined);
  return checkpoint;
}

function opened(note: Uint8Array, verifier: NoteVerifier, from: string): Checkpoint {
  try {
    return openCheckpoint(note, [verifier]);
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new IntegrityError(cause.code, `${from}/checkpoint: ${cause.message}`, undefined, { cause });
  }
}

async function put(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content, { flag: 'wx' });
}
