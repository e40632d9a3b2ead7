import type { BlobReader } from '#blob-store/port';
import { NO_TIME_OUT, withClient } from '#platform/database/with-client';
import { AttachmentReader } from '#release-control/attachments/attachment-reader';
import { AttachmentStore } from '#release-control/attachments/attachment-store';

/** Puts attachments back into the database, each through its digest; one that is there already, since a run before was interrupted, stays. */
export async function restoreAttachments(
  digests: readonly string[],
  from: Pick<BlobReader, 'open'>,
  ownerUrl: string,
): Promise<void> {
  const store = new AttachmentStore(ownerUrl);
  try {
    for (const sha256 of digests) await store.put(await from.open(sha256), Infinity, { sha256 });
  } finally {
    await store.close();
  }
}

/** Of the attachments that events name, those that the database does not have. */
export async function lackingAttachments(
  digests: ReadonlySet<string>,
  ownerUrl: string,
): Promise<readonly string[]> {
  return withClient(
    ownerUrl,
    async (client) => {
      const reader = new AttachmentReader(client);
      const lacking: string[] = [];
      for (const digest of digests) if ((await reader.size(digest)) === undefined) lacking.push(digest);
      return lacking.sort();
    },
    NO_TIME_OUT,
  );
}
