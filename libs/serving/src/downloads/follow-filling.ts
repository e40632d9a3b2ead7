import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isMissing } from './file-fingerprint.js';
import type { Filling } from './filling.js';
import { onDisk } from './on-disk.js';
import type { ServedFile } from './served-file.js';
import { mustBeUnchanged } from './verified-files.js';

/** snapd gives up when there are no response headers after 15 s (protocol page, 3): a slow but living transfer must begin before. */
const BEGIN_WITHIN_MS = 7_000;

/**
 * A file that is being filled, to be sent as far as it was released. Waits for a while until byte `start` may be sent, so that a transfer that fails at once, or
 * a small artefact with a wrong digest, is an answer with a status rather than a connection that breaks.
 * @throws what the transfer failed with; so does what is sent later
 */
export async function followFilling(filling: Filling, start: number): Promise<ServedFile> {
  const timer = new AbortController();
  let released = false;
  try {
    released = await Promise.race([
      filling.released(start).then(() => true),
      delay(BEGIN_WITHIN_MS, false, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
  if (!filling.hasBegun) {
    throw filling.unavailable(`there was no answer within ${BEGIN_WITHIN_MS / 1000} s`);
  }
  const file = await openEither(filling);
  return {
    file,
    ...(released ? {} : { late: true }),
    released: (position) => filling.released(position),
    verified: async () => mustBeUnchanged(file, await filling.finished),
    close: () => file.close(),
  };
}

/**
 * The partial file gets its name at any moment: when it isn't there any more, the whole one is. Neither is there after a transfer that failed.
 * @throws what the transfer failed with; ServingError `cache-unavailable`
 */
async function openEither(filling: Filling): Promise<FileHandle> {
  const { partial, path } = filling;
  return (
    (await openIfThere(partial)) ??
    (await openIfThere(path)) ??
    (await filling.finished.then(() => openFile(path)))
  );
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  return await onDisk('cache-unavailable', `open ${file}`, async () => {
    try {
      return await open(file, 'r');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
}

async function openFile(file: string): Promise<FileHandle> {
  return await onDisk('cache-unavailable', `open ${file}`, () => open(file, 'r'));
}
