import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { KEPT_BLOBS_STREAM, keptBlobs, type Damage } from '../domain/kept-blobs/kept-blobs.js';

/** Where a scrub's findings go: a damaged artefact is an event at once. */
export interface ScrubRecord {
  /** Digests that are damaged as far as is known. */
  damaged(): Promise<readonly string[]>;
  /** Once, until the blob was whole again. @throws EventStoreError */
  reportDamage(damage: Damage): Promise<void>;
  /** @throws EventStoreError */
  reportRestored(digest: string): Promise<void>;
}

/** The stream of what became of attachments, whose bytes stand in the database. */
export const ATTACHMENTS_STREAM = 'attachments';

/** @param stream of what is looked at @param service who looks: `worker`, or `host` for a person at its terminal */
export function scrubRecord(
  writer: StreamWriter,
  clock: Clock,
  service: 'worker' | 'host',
  stream = KEPT_BLOBS_STREAM,
): ScrubRecord {
  const context = (text: string): CommandContext => {
    const id = uuidv7();
    return {
      at: clock.now(),
      actor: { kind: 'service', id: service, for: stream },
      reason: { code: 'scrub', text },
      cause: id,
      correlation: id,
      authorisedBy: [],
    };
  };
  return {
    damaged: async () => [...(await writer.load(keptBlobs, stream)).state.damaged],
    reportDamage: async (damage) => {
      const text = 'What is kept was read again.';
      const command = { type: 'ReportDamage', damage, context: context(text) } as const;
      await writer.decideAndAppend(keptBlobs, stream, command);
    },
    reportRestored: async (digest) => {
      const text = 'What was damaged was read again.';
      const command = { type: 'ReportRestored', digest, context: context(text) } as const;
      await writer.decideAndAppend(keptBlobs, stream, command);
    },
  };
}
