import { decodeBase64 } from './base64.js';
import { TlogError } from './errors.js';
import { HASH_SIZE } from './hashing.js';
import { isKeyName, type NoteVerifier } from './note-keys.js';
import { openNote } from './note.js';

/** C2SP tlog-checkpoint v1.0.0: what a log says of itself at one moment. */
export interface Checkpoint {
  /** The log's name, which is also the name of its key. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: bigint;
  readonly root: Buffer;
}

/** The body of the note: three lines. We write no extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Reads the body of a checkpoint; extension lines are allowed and ignored. @throws TlogError `malformed-checkpoint` */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', encoded = '', ...extensions] = text.split('\n');
  const root = decodeBase64(encoded);
  const ended = extensions.at(-1) === '' && !extensions.slice(0, -1).includes('');
  if (!isKeyName(origin) || !/^(0|[1-9][0-9]{0,18})$/.test(size) || root?.length !== HASH_SIZE || !ended) {
    throw new TlogError('malformed-checkpoint', 'a checkpoint has an origin, a size and a root, a line each');
  }
  return { origin, size: BigInt(size), root };
}

/**
 * Opens a signed checkpoint: the log that it names must itself have signed it, with a key that is trusted here. A witness's cosignature
 * alone says that the witness saw it, not that the log said it.
 * @throws TlogError those of `openNote` and `parseCheckpoint`, and `wrong-origin`
 */
export function openCheckpoint(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): Checkpoint {
  const { text, signers } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  if (!signers.includes(checkpoint.origin)) {
    throw new TlogError(
      'wrong-origin',
      `a checkpoint of ${checkpoint.origin} was signed by ${signers.join(', ')} only`,
    );
  }
  return checkpoint;
}
