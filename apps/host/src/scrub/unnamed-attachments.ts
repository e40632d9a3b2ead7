import type { EventStore } from '#event-store/port';
import { decodeEvent } from '#kernel';
import type { AttachmentReader } from '#release-control/attachments/attachment-reader';

/**
 * SHA-256 of the attachments whose bytes are kept and that no event names: the bytes come first, and their request was decided on or revised before the event (ADR 0041). The bytes are
 * looked at before the history, so that what is attached meanwhile is none.
 */
export async function unnamedAttachments(reader: AttachmentReader, store: EventStore): Promise<string[]> {
  const unnamed = new Set<string>();
  for await (const digest of reader.list()) unnamed.add(digest);
  if (unnamed.size === 0) return [];
  for await (const { events } of store.readAll(null))
    for (const { type, bytes } of events) {
      if (type !== 'AttachmentAdded') continue;
      const { attachment } = decodeEvent(bytes).data as { readonly attachment?: string };
      if (attachment !== undefined) unnamed.delete(attachment);
    }
  return [...unnamed];
}
