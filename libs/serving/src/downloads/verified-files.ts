import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { ServingError } from '../errors.js';
import { fileFingerprint } from './file-fingerprint.js';

const PIECE_BYTES = 512 * 1024;

/**
 * Which files were found to be what their digests say, by their fingerprints. Each is read once, also when many ask for it at the same
 * time, and again whenever it was written to or replaced.
 */
export class VerifiedFiles {
  private readonly verified = new Map<string, string>();
  private readonly verifying = new Map<string, Promise<boolean>>();

  /** @param altered told once of a file with another digest, awaited before anybody hears of it */
  constructor(
    private readonly algorithm: 'sha256' | 'sha3-384',
    private readonly altered: (digest: string, found: string) => Promise<void>,
  ) {}

  /**
   * Whether an open file is what its digest says.
   * @returns the fingerprint with which it is: what is read of it is right for as long as it has that; undefined: it is something else
   * @throws ServingError `artefact-changed`; what reading failed with
   */
  async check(file: FileHandle, digest: string): Promise<string | undefined> {
    const fingerprint = await fileFingerprint(file);
    if (this.verified.get(digest) === fingerprint) return fingerprint;
    return (await this.verifyOnce(file, digest, fingerprint)) ? fingerprint : undefined;
  }

  /** One that was verified as it was written. */
  add(digest: string, fingerprint: string): void {
    this.verified.set(digest, fingerprint);
  }

  private verifyOnce(file: FileHandle, digest: string, fingerprint: string): Promise<boolean> {
    const key = `${digest} ${fingerprint}`;
    const running = this.verifying.get(key);
    if (running) return running;
    const verifying = this.verify(file, digest, fingerprint).finally(() => this.verifying.delete(key));
    this.verifying.set(key, verifying);
    return verifying;
  }

  private async verify(file: FileHandle, digest: string, fingerprint: string): Promise<boolean> {
    const found = await this.digestOf(file);
    if (found !== digest) {
      await this.altered(digest, found);
      return false;
    }
    await mustBeUnchanged(file, fingerprint);
    this.verified.set(digest, fingerprint);
    return true;
  }

  private async digestOf(file: FileHandle): Promise<string> {
    const hash = createHash(this.algorithm);
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, at);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
  }
}

/** @throws ServingError `artefact-changed` */
export async function mustBeUnchanged(file: FileHandle, fingerprint: string): Promise<void> {
  if ((await fileFingerprint(file)) === fingerprint) return;
  throw new ServingError(
    'artefact-changed',
    'the file was written to or replaced while it was read; it is verified anew when it is asked for again',
  );
}
