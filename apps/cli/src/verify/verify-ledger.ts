import { readFile } from 'node:fs/promises';
import { openCheckpoint, TlogError, verifyLog, type Checkpoint, type NoteVerifier } from '#tlog';
import { CliError } from '../cli-error.js';
import { FolderReader } from './folder-reader.js';
import { IntegrityError } from './integrity-error.js';

export interface VerifiedLedger {
  readonly checkpoint: Checkpoint;
  readonly tiles: number;
  /** The sealed state kept from earlier that the ledger was found to continue. */
  readonly kept: Checkpoint | undefined;
}

/**
 * Signature, every entry against the signed root, every tile against the entries; with an earlier sealed state, also that it was
 * continued and not rewritten. Reads files only.
 * @throws IntegrityError with the first position that is wrong, where the files tell
 */
export async function verifyLedger(
  folder: string,
  verifier: NoteVerifier,
  keptFile: string | undefined,
): Promise<VerifiedLedger> {
  const reader = new FolderReader(folder);
  try {
    const kept = keptFile === undefined ? undefined : await readKept(keptFile, verifier);
    const checkpoint = await verifyLog(reader, [verifier], kept === undefined ? {} : { kept });
    return { checkpoint, tiles: reader.tiles, kept };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    const at = error.position === undefined ? '' : ` (position ${error.position})`;
    throw new IntegrityError(error.code, `${folder}: ${explain(error, verifier)}${at}`, error.position, {
      cause: error,
    });
  }
}

async function readKept(path: string, verifier: NoteVerifier): Promise<Checkpoint> {
  const note = await readFile(path).catch((cause: unknown) => {
    throw new CliError('unreadable-file', `${path} cannot be read`, { cause });
  });
  return openCheckpoint(note, [verifier]);
}

/** Names the key that was trusted: it may as well be the wrong one. */
function explain(error: TlogError, verifier: NoteVerifier): string {
  if (error.code !== 'no-trusted-signature' && error.code !== 'bad-signature') return error.message;
  return `${error.message}; trusted was the key ${keyLabel(verifier)}`;
}

/** `<name>+<key id>`, as a vkey begins. */
export function keyLabel({ name, keyId }: NoteVerifier): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}`;
}
