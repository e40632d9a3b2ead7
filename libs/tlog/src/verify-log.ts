import { bundlesFrom } from './bundles-from.js';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { CompactTree } from './compact-tree.js';
import { TlogError } from './errors.js';
import { hashLeaf } from './hashing.js';
import type { LogReader } from './log-reader.js';
import type { NoteVerifier } from './note-keys.js';
import { TileAuditor } from './tile-auditor.js';

export interface VerifyLogOptions {
  /** Given each entry in order, before the root is known to be right. */
  readonly onEntry?: (position: bigint, bytes: Buffer) => void | Promise<void>;
  /** A checkpoint kept from earlier, opened: the log must still begin with exactly that tree. Without one, a re-signed rewrite passes. */
  readonly kept?: Checkpoint;
}

/**
 * Checks a whole log: the checkpoint's signature, all entries against the signed root, all tiles against the entries.
 * @throws TlogError `missing-file`, `malformed-bundle`, `root-differs`, `tile-differs`, and those of `openCheckpoint`; with the first
 * position that is wrong, where the files tell
 */
export async function verifyLog(
  reader: LogReader,
  verifiers: readonly NoteVerifier[],
  options: VerifyLogOptions = {},
): Promise<Checkpoint> {
  const note = await reader.read('checkpoint');
  if (!note) throw new TlogError('missing-file', 'the log has no checkpoint');
  const checkpoint = openCheckpoint(note, verifiers);
  const { kept, onEntry } = options;
  if (kept) refuseForeignOrShorter(checkpoint, kept);
  const tree = CompactTree.empty();
  const tiles = new TileAuditor(reader);
  let position = 0n;
  if (kept?.size === 0n) refuseOtherHistory(tree, kept);
  for await (const bundle of bundlesFrom(reader, 0n, checkpoint.size)) {
    for (const bytes of bundle) {
      await onEntry?.(position, bytes);
      const hash = hashLeaf(bytes);
      tree.append(hash);
      await tiles.add(hash);
      position += 1n;
      if (position === kept?.size) refuseOtherHistory(tree, kept);
    }
  }
  await tiles.finish();
  if (!tree.root().equals(checkpoint.root)) throw rootDiffers(checkpoint, tiles.difference);
  if (tiles.difference) throw tiles.difference;
  return checkpoint;
}

function rootDiffers({ size, root }: Checkpoint, difference: TlogError | undefined): TlogError {
  const where = difference
    ? `; ${difference.message}`
    : '; the tiles agree with the entries, so both were rewritten';
  const message = `the entries do not lead to the signed root ${root.toString('base64')} of ${size} entries${where}`;
  return new TlogError('root-differs', message, difference?.position);
}

function refuseForeignOrShorter(checkpoint: Checkpoint, kept: Checkpoint): void {
  if (checkpoint.origin !== kept.origin) {
    throw new TlogError(
      'wrong-origin',
      `this is the log of ${checkpoint.origin}, the kept checkpoint is of ${kept.origin}`,
    );
  }
  if (checkpoint.size < kept.size) {
    throw new TlogError(
      'root-differs',
      `the log has ${checkpoint.size} entries, the kept checkpoint ${kept.size}: the newest ${kept.size - checkpoint.size} are gone`,
      checkpoint.size,
    );
  }
}

function refuseOtherHistory(tree: CompactTree, kept: Checkpoint): void {
  if (tree.root().equals(kept.root)) return;
  throw new TlogError(
    'root-differs',
    `the first ${kept.size} entries are not those of the kept checkpoint: history was rewritten`,
  );
}
