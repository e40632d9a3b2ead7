import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { ServingError } from '../errors.js';
import type { ArtefactFetch, ArtefactSource } from './artefact-fetch.js';
import { fileFingerprint } from './file-fingerprint.js';
import { onDisk } from './on-disk.js';

/** Bytes of the other side that nobody gets before the whole was verified: without its end, no body is complete, so no device can use it. */
export const HELD_BACK_BYTES = 64 * 1024;

/** How often a broken transfer goes on where it broke before it counts as failed. */
const RESUMPTIONS = 4;

export interface FillingArtefact {
  readonly sha3_384: string;
  readonly size: number;
  readonly upstream: string;
}

/**
 * One transfer from its source into a file, that any number of readers follow as it grows. It belongs to none of them: a reader that goes
 * away doesn't end it. Bytes are hashed on their way; a wrong digest fails all readers before any has had the last bytes.
 */
export class Filling {
  /** The fingerprint of the file once it is verified and has its name. @throws what the transfer failed with */
  readonly finished: Promise<string>;
  private written = 0;
  private state: 'filling' | 'verified' | 'failed' = 'filling';
  private failure: unknown;
  private begun = false;
  private waiting: (() => void)[] = [];
  private readonly hash = createHash('sha3-384');

  /** @param path of the file once it is verified */
  constructor(
    readonly artefact: FillingArtefact,
    readonly path: string,
    private readonly fetch: ArtefactFetch,
    private readonly source: ArtefactSource,
    signal: AbortSignal,
  ) {
    this.finished = this.run(signal);
    this.finished.then(
      () => this.settle('verified', undefined),
      (error: unknown) => this.settle('failed', error),
    );
  }

  /** Where the file is until it is verified. */
  get partial(): string {
    return `${this.path}.partial`;
  }

  /** Waits until byte `position` may be read. @returns how many bytes may be read by now @throws what the transfer failed with */
  async released(position: number): Promise<number> {
    for (;;) {
      if (this.state === 'failed') throw this.failure;
      const released = this.state === 'verified' ? this.written : this.written - HELD_BACK_BYTES;
      if (released > position || this.state === 'verified') return released;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Whether the source has answered at all; it may still be slow. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /** That the source is gone, slow, or sent too little. */
  unavailable(message: string, cause?: unknown): ServingError {
    return new ServingError(`${this.source}-unavailable`, message, { cause });
  }

  private async run(signal: AbortSignal): Promise<string> {
    const file = await onDisk('cache-unavailable', `make ${this.partial}`, () =>
      open(this.partial, 'w', 0o640),
    );
    try {
      await this.transfer(file, signal);
      this.verify();
      await onDisk('cache-unavailable', `name ${this.path}`, () => rename(this.partial, this.path));
      // Of the file that was written: whatever else gets its name is not taken for it.
      return await fileFingerprint(file);
    } finally {
      await file.close();
    }
  }

  private async transfer(file: FileHandle, signal: AbortSignal): Promise<void> {
    for (let resumption = 0; this.written < this.artefact.size; resumption++) {
      const before = this.written;
      try {
        await this.pour(file, signal);
        if (this.written < this.artefact.size) throw this.cutShort();
      } catch (error) {
        if (signal.aborted) throw this.unavailable('the proxy is stopping', error);
        // Nothing at all came: going on where it broke is no use, and a device waits for its first byte.
        const hopeless = this.written === before || resumption === RESUMPTIONS;
        if (hopeless || !isTheSources(error)) throw error;
      }
    }
  }

  private async pour(file: FileHandle, signal: AbortSignal): Promise<void> {
    const body = await this.fetch(this.artefact.upstream, this.written, signal);
    this.begun = true;
    let at = body.from;
    for await (const chunk of body.bytes) {
      // The source may ignore a range and send all again: what was hashed already is skipped.
      const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, this.written - at)));
      at += chunk.length;
      if (fresh.length > 0) await this.append(file, fresh);
    }
  }

  private async append(file: FileHandle, bytes: Uint8Array): Promise<void> {
    if (this.written + bytes.length > this.artefact.size) {
      throw mismatch(`more came than the ${this.artefact.size} bytes that were announced`);
    }
    await write(file, bytes, this.written);
    // Behind the writing: what was hashed and not written would be hashed a second time.
    this.hash.update(bytes);
    this.written += bytes.length;
    this.wake();
  }

  private cutShort(): ServingError {
    return this.unavailable(`the transfer ended after ${this.written} of ${this.artefact.size} bytes`);
  }

  private verify(): void {
    const digest = this.hash.digest('hex');
    if (digest !== this.artefact.sha3_384) {
      throw mismatch(`what came has sha3-384 ${digest} in place of ${this.artefact.sha3_384}`);
    }
  }

  private settle(state: 'verified' | 'failed', failure: unknown): void {
    this.state = state;
    this.failure = failure;
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** @throws ServingError `cache-unavailable` */
async function write(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  await onDisk('cache-unavailable', 'write its copy', async () => {
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
  });
}

/** Whether going on where it broke may help: not for what is wrong with the content, or with our own disk. */
function isTheSources(error: unknown): boolean {
  return !(
    error instanceof ServingError &&
    (error.code === 'artefact-mismatch' || error.code === 'cache-unavailable')
  );
}

function mismatch(message: string): ServingError {
  return new ServingError('artefact-mismatch', message);
}
