import { inflateSync, zstdDecompressSync } from 'node:zlib';
import xz from 'xz-decompress';
import { unpackLzo } from './lzo.js';
import { SquashfsError, check } from './squashfs-error.js';

/** Decompresses one block of at most `most` bytes. @throws SquashfsError */
export type Unpack = (block: Uint8Array, most: number) => Promise<Uint8Array>;

/** As the superblock numbers them. LZMA of the first squashfs versions (2) and LZ4 (5) are those that no snap uses. */
const COMPRESSIONS: ReadonlyMap<number, Unpack> = new Map<number, Unpack>([
  [1, (block, most) => byNode(() => inflateSync(block, { maxOutputLength: most }))],
  [3, (block, most) => Promise.resolve().then(() => unpackLzo(block, most))],
  [4, unpackXz],
  [6, (block, most) => byNode(() => zstdDecompressSync(block, { maxOutputLength: most }))],
]);

/** @throws SquashfsError for a compression that is not read */
export function unpackOf(compression: number): Unpack {
  const unpack = COMPRESSIONS.get(compression);
  check(unpack !== undefined, `its compression (${compression}) is none of gzip, lzo, xz and zstd`);
  return unpack;
}

async function byNode(unpack: () => Uint8Array): Promise<Uint8Array> {
  try {
    return await Promise.resolve(unpack());
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Each block is a whole .xz stream. */
async function unpackXz(block: Uint8Array, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const packed = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(block);
      controller.close();
    },
  });
  const reader = new xz.XzReadableStream(packed).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      pieces.push(read.value);
      size += read.value.length;
      if (size > most) throw new SquashfsError('a block has more in it than it may');
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    throw cause instanceof SquashfsError ? cause : damaged(cause);
  }
  return Buffer.concat(pieces);
}

function damaged(cause: unknown): SquashfsError {
  return new SquashfsError('a block cannot be decompressed', { cause });
}
