import { createHash } from 'node:crypto';
import { CompactTree, hashLeaf } from '#tlog';

export interface ExportedRow {
  readonly position: string;
  /** Of the event's exact bytes, in hex, as the projector saw them. */
  readonly sha256: string;
  /** The event: canonical JSON, which has no line break. */
  readonly event: string;
}

/**
 * The export's lines (docs/how-to/copy-the-record.md, tools/read-trail.py): for each event its position, the SHA-256 of its bytes, the ledger's leaf hash (RFC 6962, 2.1), in
 * hex, and the bytes as they are; at the end a line with the count of all, and the SHA-256 of every byte before it, without which a copy is not whole.
 * @param whole whether no event is left out: then the last line has the tree's root, which a checkpoint of the same size has as well
 */
export async function* exportLines(
  pages: AsyncIterable<readonly ExportedRow[]>,
  whole: boolean,
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const tree = CompactTree.empty();
  for await (const rows of pages) {
    const lines = rows.map(({ position, sha256, event }) => {
      const leaf = hashLeaf(Buffer.from(event, 'utf8'));
      tree.append(leaf);
      return `{"position":"${position}","sha256":"${sha256}","leaf":"${leaf.toString('hex')}","event":${event}}\n`;
    });
    if (lines.length === 0) continue;
    const text = lines.join('');
    digest.update(text);
    yield text;
  }
  const end = {
    end: true,
    count: String(tree.size),
    root: whole ? tree.root().toString('base64') : null,
    sha256: digest.digest('hex'),
  };
  yield `${JSON.stringify(end)}\n`;
}
