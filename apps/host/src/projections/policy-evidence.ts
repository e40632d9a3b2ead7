import type { ClientBase } from 'pg';
import type { StreamHistory } from '#fleet/published';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { Checkpoint } from '#platform/read-models/checkpoints';
import { tableIn } from '#platform/read-models/slots';
import type { PolicyDocumentPorts } from '#release-control/policy-document/policy-document-projection';
import { POLICY_DOCUMENTS } from '#release-control/published';
import { CompactTree, noteVerifier, openNote, type NoteVerifier } from '#tlog';

/**
 * What the policy documents are replayed with where there is no key to sign them with. A document's note is the live one, if that is over this
 * exact document and verifies under the pinned key; else it is none, and the row differs. The ledger's root is made from the events' bytes.
 */
export class PolicyEvidence implements PolicyDocumentPorts {
  readonly origin: string;
  private readonly verifier: NoteVerifier;
  private readonly notes = new Map<string, string>();
  /** Up to the events that were taken last. */
  private readonly tree = CompactTree.empty();
  private before = CompactTree.empty();
  private taken: readonly PositionedEvent[] = [];

  /** @throws TlogError for a key that is none */
  constructor(
    vkey: string,
    readonly history: StreamHistory,
  ) {
    this.verifier = noteVerifier(vkey);
    this.origin = this.verifier.name.replace(/\/policy$/, '');
  }

  /** The notes that are live, as far as they verify. */
  async read(
    client: ClientBase,
    live: readonly { readonly projection: Projection; readonly checkpoint: Checkpoint }[],
  ): Promise<void> {
    const documents = live.find(({ projection }) => projection.name === POLICY_DOCUMENTS.name);
    if (!documents) return;
    const [table = ''] = documents.checkpoint.tables;
    const { rows } = await client.query<{ note: string }>(
      `select note from ${tableIn(documents.checkpoint.slot, table)}`,
    );
    for (const { note } of rows) {
      const text = this.textOf(note);
      if (text !== undefined) this.notes.set(text, note);
    }
  }

  take(events: readonly PositionedEvent[]): void {
    this.before = this.tree.copy();
    this.taken = events;
    for (const { bytes } of events) this.tree.appendEntry(bytes);
  }

  readonly sign = (text: string): string =>
    this.notes.get(text) ?? 'no note of this key is over this document';

  readonly rootAt = (position: bigint): string => {
    const tree = this.before.copy();
    for (const event of this.taken) if (event.position <= position) tree.appendEntry(event.bytes);
    return tree.root().toString('base64');
  };

  private textOf(note: string): string | undefined {
    try {
      return openNote(note, [this.verifier]).text;
    } catch {
      // Whatever is wrong with it: nobody who is pinned to the key would take it.
      return undefined;
    }
  }
}
