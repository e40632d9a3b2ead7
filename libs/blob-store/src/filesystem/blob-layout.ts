import { join } from 'node:path';
import type { BlobDigest } from '../port.js';

/**
 * Where things are in a blob folder: `sha256/ab/abcdef…` what is kept, `tmp/` what is being written, `quarantine/` what wasn't
 * what its name said, `unclean` while a writer has the folder open.
 */
export class BlobLayout {
  readonly blobs: string;
  readonly temporary: string;
  readonly quarantine: string;
  readonly marker: string;

  constructor(readonly folder: string) {
    this.blobs = join(folder, 'sha256');
    this.temporary = join(folder, 'tmp');
    this.quarantine = join(folder, 'quarantine');
    this.marker = join(folder, 'unclean');
  }

  /** The folder that holds a blob: the first two characters keep any one folder small. */
  shard(digest: BlobDigest): string {
    return join(this.blobs, digest.slice(0, 2));
  }

  blob(digest: BlobDigest): string {
    return join(this.shard(digest), digest);
  }
}
