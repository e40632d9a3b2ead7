import path from 'node:path';
import { sentenceOf } from '#kernel';
import { filesystemLogReader } from '#ledger/published';
import { openCheckpoint, parseCheckpoint, type Checkpoint, type NoteVerifier } from '#tlog';

/**
 * The last sealed state that a ledger's folder has, the first or the second; undefined when it has none. What cannot be read may be there, and is
 * an error: as a state that is not there it would let others take the positions that it seals.
 * @throws TlogError those of `openCheckpoint`; Error with a sentence
 */
export async function checkpointIn(folder: string, verifier: NoteVerifier): Promise<Checkpoint | undefined> {
  const note = await noteIn(folder);
  return note && openCheckpoint(note, [verifier]);
}

/**
 * The same for who knows no key yet, whoever signed it: enough to see that there is a ledger, and no more.
 * @throws TlogError `malformed-checkpoint`; Error with a sentence
 */
export async function claimedCheckpointIn(folder: string): Promise<Checkpoint | undefined> {
  const note = (await noteIn(folder))?.toString('utf8');
  // The signatures are behind an empty line.
  return note === undefined ? undefined : parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
}

async function noteIn(folder: string): Promise<Buffer | undefined> {
  try {
    const note = await filesystemLogReader(folder).read('checkpoint');
    return note && Buffer.from(note);
  } catch (cause) {
    throw new Error(`${path.join(folder, 'checkpoint')} cannot be read: ${sentenceOf(cause)}`, { cause });
  }
}
