import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ServingError } from '../errors.js';
import type { ByteRange } from './byte-range.js';
import { isMissing } from './file-fingerprint.js';
import type { Filling } from './filling.js';

const READ_BYTES = 256 * 1024;

/** snapd gives up when there are no response headers after 15 s (protocol page, 3): a slow but living transfer must begin before. */
const BEGIN_WITHIN_MS = 7_000;

/**
 * Reads `range` of a file that is being filled, as far as it was released. Waits for the first byte, so that a transfer that fails at once, or a
 * small artefact with a wrong digest, is an answer with a status rather than a connection that breaks.
 * @param kept where the file is once it was verified
 * @throws what the transfer failed with; the iterable throws the same
 */
export async function followFilling(
  filling: Filling,
  kept: string,
  range: ByteRange,
): Promise<AsyncIterable<Uint8Array>> {
  const timer = new AbortController();
  try {
    await Promise.race([
      filling.released(range.start),
      delay(BEGIN_WITHIN_MS, undefined, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
  if (!filling.hasBegun) {
    throw new ServingError(
      'upstream-unavailable',
      `upstream has not begun to answer within ${BEGIN_WITHIN_MS / 1000} s`,
    );
  }
  return read(filling, kept, range);
}

async function* read(filling: Filling, kept: string, range: ByteRange): AsyncGenerator<Uint8Array> {
  let released = await filling.released(range.start);
  await using file = await openEither(filling.path, kept);
  for (let at = range.start; at <= range.end;) {
    if (released <= at) released = await filling.released(at);
    const chunk = await readAt(file, at, Math.min(released, range.end + 1) - at);
    if (chunk.length === 0) throw new Error(`${kept} ended at ${at}, before its size`);
    at += chunk.length;
    // The end of the range is as good as the end of the whole to who asked for no more: nothing unverified completes an answer.
    if (at > range.end) await filling.verified();
    yield chunk;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(Math.min(length, READ_BYTES));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}

/** The partial file gets its name at any moment: when it isn't there any more, the whole one is. */
async function openEither(partial: string, kept: string): Promise<FileHandle> {
  try {
    return await open(partial, 'r');
  } catch (error) {
    if (!isMissing(error)) throw error;
    return await open(kept, 'r');
  }
}
