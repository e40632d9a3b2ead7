import { isBlobDigest, type BlobDigest, type ScrubbedBlobs } from '../port.js';
import { onDisk } from './file-system-errors.js';
import { FilesystemBlobReader } from './filesystem-blob-reader.js';
import { quarantine } from './quarantine.js';

/** A blob folder that is checked, while another process may be writing to it. */
export class FilesystemScrubbedBlobs extends FilesystemBlobReader implements ScrubbedBlobs {
  async quarantine(digest: BlobDigest): Promise<boolean> {
    if (!isBlobDigest(digest)) return false;
    return onDisk(`quarantine blob ${digest}`, () => quarantine(this.layout, digest));
  }
}
