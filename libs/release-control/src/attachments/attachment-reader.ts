import type pg from 'pg';
import { BlobHasher } from '#blob-store/blob-hasher';
import { ReleaseControlError } from '../domain/errors.js';

/** Reads the bytes of attachments, as whoever may: control, the worker, the owner. */
export class AttachmentReader {
  constructor(private readonly database: Pick<pg.Pool, 'query'>) {}

  /** Every digest, in ascending order. */
  async *list(): AsyncGenerator<string> {
    for (let after = ''; ;) {
      const { rows } = await this.database.query<{ sha256: string }>(
        'select sha256 from attachments.file where sha256 > $1 order by sha256 limit 100',
        [after],
      );
      for (const { sha256 } of rows) yield (after = sha256);
      if (rows.length === 0) return;
    }
  }

  /** Bytes, by the row of the file; undefined: there is none. */
  async size(sha256: string): Promise<number | undefined> {
    const select = 'select size::float8 as size from attachments.file where sha256 = $1';
    return (await this.database.query<{ size: number }>(select, [sha256])).rows[0]?.size;
  }

  /**
   * The bytes, one row after the other; the last of them only once all of them are what their digest says: whoever asked has less than the size that was said, and so knows.
   * @throws ReleaseControlError `attachment-lost`
   */
  async *open(sha256: string): AsyncGenerator<Uint8Array> {
    const select = 'select upload from attachments.file where sha256 = $1';
    const [file] = (await this.database.query<{ upload: string }>(select, [sha256])).rows;
    if (!file) throw lostAttachment(sha256, 'is missing');
    const hasher = new BlobHasher({ sha256 });
    let last: Uint8Array | undefined;
    for (let part = 0; ; part++) {
      const { rows } = await this.database.query<{ bytes: Buffer }>(
        'select bytes from attachments.part where upload = $1 and part = $2',
        [file.upload, part],
      );
      const bytes = rows[0]?.bytes;
      if (!bytes) break;
      if (last) yield last;
      hasher.update(bytes);
      last = bytes;
    }
    try {
      hasher.finish();
    } catch {
      throw lostAttachment(sha256, 'is not what its digest says');
    }
    if (last) yield last;
  }
}

export function lostAttachment(sha256: string, what: string): ReleaseControlError {
  return new ReleaseControlError(
    'attachment-lost',
    `the content of attachment ${sha256} ${what}: bring the database back from a backup`,
  );
}
