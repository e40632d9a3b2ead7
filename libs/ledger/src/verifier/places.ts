import { openCheckpoint, TlogError, type Checkpoint, type LogReader, type NoteVerifier } from '#tlog';
import type { Finding, VerificationCheck } from '../domain/verification/finding.js';

/** A file that is there, or may be, and cannot be read: a bad sector, or somebody else's rights. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** Files that cannot be read are told from a database that cannot. */
export function tellingUnreadable(reader: LogReader): LogReader {
  return {
    read: (name) =>
      reader.read(name).catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new UnreadableFile(`${name} cannot be read: ${why}`, { cause });
      }),
  };
}

/** What is wrong with a file of the ledger. @throws what is no fault of a file */
export function findingOf(check: VerificationCheck, error: unknown): Finding {
  if (error instanceof UnreadableFile) return { check, kind: 'unreadable', says: error.message };
  if (!(error instanceof TlogError)) throw error;
  const { code, message, position } = error;
  return {
    check,
    kind: code,
    says: message,
    ...(position === undefined ? {} : { position: String(position) }),
  };
}

export type Place =
  | { readonly kind: 'sealed'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong'; readonly finding: Finding };

/** The signed checkpoint of one of the two places. */
export async function openPlace(
  check: 'checkpoint' | 'second-place',
  reader: LogReader,
  verifier: NoteVerifier,
): Promise<Place> {
  try {
    const note = await reader.read('checkpoint');
    if (note === undefined) return { kind: 'missing' };
    return { kind: 'sealed', checkpoint: openCheckpoint(note, [verifier]) };
  } catch (error) {
    return { kind: 'wrong', finding: findingOf(check, error) };
  }
}
