import type { FileHandle } from 'node:fs/promises';
import { mustBeUnchanged } from './verified-files.js';

/** An artefact on our disk that may be sent, as far as it was released. Whoever gets it closes it. */
export interface ServedFile {
  readonly file: FileHandle;
  /** Its first byte is still to come, and takes its time: who asks should hear at least that there is an answer. */
  readonly late?: true;
  /** Waits until byte `position` may be sent. @returns how many bytes of the file may be @throws what the transfer failed with */
  released(position: number): Promise<number>;
  /** Resolves once the whole is known to be right: before that, nobody gets the last byte of what was asked for. */
  verified(): Promise<void>;
  /** Once: the file is closed then, and may be removed to make room. */
  close(): Promise<void>;
}

/**
 * A file that was verified before, and must still be as it was then when its last piece has been read.
 * @param size in bytes
 */
export function wholeFile(file: FileHandle, size: number, fingerprint: string): ServedFile {
  return {
    file,
    released: () => Promise.resolve(size),
    verified: () => mustBeUnchanged(file, fingerprint),
    close: () => file.close(),
  };
}
