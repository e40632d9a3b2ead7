import { buffer } from 'node:stream/consumers';
import type { BlobFacts, BlobReader } from '#blob-store/port';
import { readPackages } from '../inside/read-packages.js';
import type { Inside } from '../manifest/inside.js';
import type { ReadAt } from '../squashfs/metadata.js';
import { SquashfsError } from '../squashfs/squashfs-error.js';
import { SquashfsImage } from '../squashfs/squashfs-image.js';

/** Of a snap.yaml: the largest of the public store have some 100 KiB. */
const LARGEST_YAML = 256 * 1024;
/** Of what snapcraft writes of how a snap was built. */
const LARGEST_BUILD_MANIFEST = 1024 * 1024;

/**
 * What stands in a kept snap, which its publisher signed: its own snap.yaml and its packages. A file that cannot be opened is told as that: snapd may still
 * install it, and whoever approves is to know.
 * @param said the snap.yaml as the store shows it
 * @throws BlobStoreError of a storage that is at fault
 */
export async function lookInside(
  kept: Pick<BlobReader, 'open'>,
  blob: BlobFacts,
  said: unknown,
): Promise<Inside> {
  try {
    const image = await SquashfsImage.open(readerOf(kept, blob));
    const yaml = await image.file('meta/snap.yaml', LARGEST_YAML);
    if (yaml === undefined) return { opened: false, why: 'it has no meta/snap.yaml' };
    const snapYaml = textOf(yaml);
    const packages = await packagesIn(image);
    return { opened: true, snapYaml: snapYaml === said ? null : snapYaml, packages };
  } catch (error) {
    if (error instanceof SquashfsError) return { opened: false, why: error.message };
    throw error;
  }
}

/** Of the snap's manifest. One that cannot be read is as none that says so: the rest of the snap is as good as without it. */
async function packagesIn(image: SquashfsImage): Promise<Extract<Inside, { opened: true }>['packages']> {
  try {
    const manifest = await image.file('snap/manifest.yaml', LARGEST_BUILD_MANIFEST);
    return manifest === undefined ? null : readPackages(textOf(manifest), LARGEST_BUILD_MANIFEST);
  } catch (error) {
    if (error instanceof SquashfsError) return { why: error.message };
    throw error;
  }
}

function readerOf(kept: Pick<BlobReader, 'open'>, { sha256, size }: BlobFacts): ReadAt {
  return async (start, length) => {
    const end = Math.min(start + length, size) - 1;
    if (!Number.isSafeInteger(start) || start > end) return Buffer.alloc(0);
    return buffer(await kept.open(sha256, { start, end }));
  };
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SquashfsError('a text in it is not UTF-8', { cause });
  }
}
