import { createCipheriv, createHash } from 'node:crypto';
import type { Revision, RevisionDetails, SnapIdentity } from '../catalogue/snap.js';
import type { ImageEntry } from '../squashfs/image-tree.js';
import { squashfsImage } from '../squashfs/squashfs-image.js';
import { snapYaml } from './snap-yaml.js';

const PAYLOAD_BYTES = 192 * 1024;

/** Builds a revision's snap file: the same bytes on every machine, therefore the same digest. */
export function buildRevision(snap: SnapIdentity, details: RevisionDetails): Revision {
  const yaml = snapYaml(snap, details);
  const entries: ImageEntry[] = [
    { path: 'meta/snap.yaml', content: Buffer.from(yaml) },
    ...contentOf(snap, details),
  ];
  // Not compressed: what zlib makes of the same bytes differs from version to version.
  const blob = squashfsImage(entries, { compress: false });
  return { ...details, blob, sha3_384: createHash('sha3-384').update(blob).digest(), snapYaml: yaml };
}

function contentOf(snap: SnapIdentity, details: RevisionDetails): ImageEntry[] {
  switch (snap.type) {
    case 'app':
      return [
        { path: 'bin/hello', mode: 0o755, content: Buffer.from(script(snap.name, details.version)) },
        { path: 'payload.bin', content: payload(snap.name, details) },
      ];
    case 'base':
    case 'os':
      return BASE_FOLDERS.map((path) => ({ path }));
    case 'snapd':
      return [{ path: 'usr/lib/snapd/info', content: Buffer.from(SNAPD_INFO) }, { path: 'usr/bin' }];
  }
}

function script(name: string, version: string): string {
  return `#!/bin/sh\necho ${name} ${version}\n`;
}

/** Bytes that don't compress, in more than one block, nearly equal from revision to revision. */
function payload(name: string, { number, payloadBytes = PAYLOAD_BYTES }: RevisionDetails): Buffer {
  const seed = createHash('sha256').update(name).digest();
  // A key stream, and no secret: a megabyte of it costs a millisecond.
  const bytes = createCipheriv('aes-256-ctr', seed, Buffer.alloc(16)).update(Buffer.alloc(payloadBytes));
  bytes.write(`revision ${number}`, 128);
  return bytes;
}

/** Where snapd mounts things into a snap's world. */
const BASE_FOLDERS = [
  'dev etc home lib/firmware lib/modules lib64 media meta mnt opt proc root run snap sys tmp',
  'usr/bin usr/lib/snapd usr/src var/lib var/log var/snap writable',
].flatMap((paths) => paths.split(' '));

const SNAPD_INFO = 'VERSION=2.57.6\nSNAPD_APPARMOR_REEXEC=0\n';
