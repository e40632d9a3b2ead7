import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const CHUNK = Buffer.alloc(256 * 1024, 0x55);
const AGAIN_MS = 20;

/** Takes every byte of a disk, and those that others give back, until it is let go. */
export class Filler {
  private readonly file: string;
  private readonly handle: number;
  private readonly timer: NodeJS.Timeout;

  constructor(folder: string) {
    this.file = path.join(folder, 'filler');
    this.handle = openSync(this.file, 'w');
    this.take();
    this.timer = setInterval(() => this.take(), AGAIN_MS);
  }

  letGo(): void {
    clearInterval(this.timer);
    ftruncateSync(this.handle);
    closeSync(this.handle);
    rmSync(this.file);
  }

  private take(): void {
    for (let size = CHUNK.length; size >= 1;) {
      try {
        if (writeSync(this.handle, CHUNK, 0, size) < size) size = Math.floor(size / 2);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  }
}
