import type { Writable } from 'node:stream';
import { ServingError } from '../errors.js';
import type { ByteRange } from './byte-range.js';
import { ConnectionClosed } from './connection-closed.js';
import { onDisk } from './on-disk.js';
import { PieceBuffers } from './piece-buffers.js';
import type { ServedFile } from './served-file.js';

const buffers = new PieceBuffers();

/**
 * Writes bytes `start` to `end` of a file and ends the answer. One piece is read while the other is on its way, and nothing is read that
 * a slow device does not take. Closes the file.
 * @throws ServingError when the file is shorter or can't be read, or its transfer failed; ConnectionClosed: the answer is cut off then, so
 * nobody takes it for whole
 */
export async function pourFile(
  { file, released, verified, close }: ServedFile,
  { start, end }: ByteRange,
  answer: Writable,
): Promise<void> {
  const pieces = buffers.take(end - start + 1);
  let written = Promise.resolve();
  try {
    for (let at = start, turn = 0; at <= end; turn ^= 1) {
      const piece = turn === 0 ? pieces.first : pieces.second;
      const next = Math.min(await released(at), end + 1) - at;
      const length = Math.min(piece.length, next);
      const { bytesRead } = await onDisk('artefact-unreadable', 'read a file', () =>
        file.read(piece, 0, length, at),
      );
      if (bytesRead === 0)
        throw new ServingError('artefact-unreadable', `the file ended at ${at}, before byte ${end}`);
      at += bytesRead;
      // The end of the range is as good as the end of the whole to who asked for no more: nothing unverified completes an answer.
      if (at > end) await verified();
      await written;
      written = write(answer, piece.subarray(0, bytesRead));
      // It is waited for, after the next piece was read.
      written.catch(() => undefined);
    }
    await written;
    answer.end();
  } catch (error) {
    answer.destroy();
    throw error;
  } finally {
    // A buffer that is still being written must not get another download's bytes.
    await written.catch(() => undefined);
    buffers.giveBack(pieces);
    await close();
  }
}

/** Resolves when the kernel has taken the bytes, and the buffer is free again. What waits behind another answer is dropped with the connection. */
function write(answer: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(new ConnectionClosed());
    if (answer.destroyed) return closed();
    answer.once('close', closed);
    answer.write(bytes, (error) => {
      answer.off('close', closed);
      if (error) reject(new ConnectionClosed({ cause: error }));
      else resolve();
    });
  });
}
