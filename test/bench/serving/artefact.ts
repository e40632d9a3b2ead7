import { createCipheriv } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PIECE = Buffer.alloc(1024 * 1024);

/** A file of `size` bytes, a multiple of 1 MiB, that nothing can compress; the same bytes each time. */
export async function writeArtefact(file: string, size: number): Promise<void> {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  const zeros = Array.from({ length: size / PIECE.length }, () => PIECE);
  await pipeline(Readable.from(zeros), stream, createWriteStream(file));
}
