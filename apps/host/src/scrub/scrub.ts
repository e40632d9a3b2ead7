import type { BlobDigest } from '#blob-store/port';
import type { AttachmentReader } from '#release-control/attachments/attachment-reader';
import { scrubAttachments, type AttachmentRecord } from '#release-control/attachments/scrub-attachments';
import { scrubSlice, type ScrubPorts, type Scrubbed } from '#catalog/scrub/scrub-slice';

/** One line of progress for so many bytes. */
const SLICE_BYTES = 1024 * 1024 * 1024;

/**
 * Reads every kept blob from the first after `after` on, and says what it finds.
 * @returns whether all of them are whole @throws what {@link scrubSlice} does, once it has said where to go on
 */
export async function scrub(
  after: BlobDigest | undefined,
  ports: ScrubPorts,
  print: (line: string) => void,
): Promise<boolean> {
  const damaged: BlobDigest[] = [];
  let [blobs, bytes, at] = [0, 0, after];
  for (;;) {
    const slice = await scrubSlice({ after: at, bytes: SLICE_BYTES }, ports).catch((error: unknown) => {
      if (at !== undefined) print(`go on with: holdfast scrub --after ${at}`);
      throw error;
    });
    say(slice, print);
    damaged.push(...slice.damaged, ...slice.unreadable);
    [blobs, bytes, at] = [blobs + slice.blobs, bytes + slice.bytes, slice.after];
    if (at === undefined) break;
    print(`read ${blobs} kept blobs, ${bytes} bytes, up to ${at}`);
  }
  const verdict = damaged.length === 0 ? 'none is damaged' : `${damaged.length} damaged`;
  print(`read ${blobs} kept blobs, ${bytes} bytes: ${verdict}`);
  return damaged.length === 0;
}

function say({ damaged, unreadable, restored }: Scrubbed, print: (line: string) => void): void {
  for (const digest of damaged)
    print(`${digest} is damaged: quarantined and recorded; capture its snap again`);
  for (const digest of unreadable)
    print(`${digest} cannot be read: recorded; look at the disk, capture its snap again`);
  for (const digest of restored) print(`${digest} was damaged and is whole again: recorded`);
}

/** The same of every attachment. @returns whether all of them are whole */
export async function scrubFiles(
  reader: AttachmentReader,
  record: AttachmentRecord,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<boolean> {
  const { files, bytes, damaged, restored } = await scrubAttachments(reader, record, signal);
  for (const digest of damaged)
    print(`attachment ${digest} is damaged: recorded; bring the database back from a backup`);
  for (const digest of restored) print(`attachment ${digest} was damaged and is whole again: recorded`);
  const verdict = damaged.length === 0 ? 'none is damaged' : `${damaged.length} damaged`;
  print(`read ${files} attachments, ${bytes} bytes: ${verdict}`);
  return damaged.length === 0;
}
