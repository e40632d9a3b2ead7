import { describe, expect, it } from 'vitest';
import { squashfsImage } from '#apps/sandbox-store/src/squashfs/squashfs-image';
import { MemoryBlobStore } from '#blob-store/memory/memory-blob-store';
import type { Inside } from '../manifest/inside.js';
import { lookInside } from './look-inside.js';

const YAML = 'name: lab-hello\n';

async function inside(content: Buffer, said: unknown = YAML): Promise<Inside> {
  const kept = new MemoryBlobStore();
  return lookInside(kept, await kept.put(once(content)), said);
}
const snap = (files: Readonly<Record<string, string | Buffer>>): Buffer =>
  squashfsImage(Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) })));

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield Promise.resolve(bytes);
}

describe('a look into a kept snap', () => {
  it('finds its snap.yaml, and names it where the store shows another one', async () => {
    const image = snap({ 'meta/snap.yaml': YAML });
    expect(await inside(image)).toEqual({ opened: true, snapYaml: null, packages: null });
    for (const said of ['name: lab-hello', null, 7])
      expect(await inside(image, said)).toMatchObject({ opened: true, snapYaml: YAML });
  });

  it('finds the packages that its build recorded', async () => {
    const manifest = `snapcraft-version: '8.0'
primed-stage-packages: [libc6=2.39-0ubuntu8, 'zlib1g:amd64=1:1.3.dfsg-3']
parts:
  hello:
    stage-packages: [jq=1.7.1, libc6=2.39-0ubuntu8, not-of-a-version]
    installed-packages: [gcc=13]
`;
    const image = snap({ 'meta/snap.yaml': YAML, 'snap/manifest.yaml': manifest });
    expect(await inside(image)).toMatchObject({
      packages: { names: ['jq=1.7.1', 'libc6=2.39-0ubuntu8', 'zlib1g:amd64=1:1.3.dfsg-3'], left: 0 },
    });
  });

  it.each<[string, string, object]>([
    ['of none', 'parts: {}\n', { names: [], left: 0 }],
    ['that is no YAML', '[', { why: expect.stringContaining('Flow sequence') as string }],
    ['that is no map', '- a', { why: 'it is no map' }],
    ['of nothing but signs', ']'.repeat(1_000_000), { why: 'it has more than 100000 words and signs' }],
    [
      'of what are no packages',
      'primed-stage-packages: ["a=\\e[31m", "=", a=1]',
      { names: ['a=1'], left: 2 },
    ],
    [
      'of too many',
      `primed-stage-packages:\n${Array.from({ length: 2_001 }, (_, n) => `- a${n}=1\n`).join('')}`,
      { left: 1 },
    ],
  ])('takes a list %s as what it is', async (_what, manifest, packages) => {
    expect(await inside(snap({ 'meta/snap.yaml': YAML, 'snap/manifest.yaml': manifest }))).toMatchObject({
      opened: true,
      packages,
    });
  });

  it.each<[string, Buffer, string]>([
    ['no snap', Buffer.from('a page'), 'it is no squashfs'],
    ['an image without a snap.yaml', snap({ 'meta/gui': '' }), 'it has no meta/snap.yaml'],
    ['a text of another spelling', snap({ 'meta/snap.yaml': Buffer.of(0xff) }), 'a text in it is not UTF-8'],
    [
      'too long a text',
      snap({ 'meta/snap.yaml': 'x'.repeat(300_000) }),
      'meta/snap.yaml has 300000 bytes, at most 262144 are read',
    ],
    ['half an image', snap({ 'meta/snap.yaml': YAML }).subarray(0, 100), 'a table ends in the middle'],
  ])('says why %s cannot be opened', async (_what, content, why) => {
    expect(await inside(content)).toEqual({ opened: false, why });
  });

  it('does not take a storage at fault for a snap that cannot be opened', async () => {
    const kept = new MemoryBlobStore();
    const facts = { sha256: 'f'.repeat(64), sha3_384: 'f'.repeat(96), size: 4_096 };
    await expect(lookInside(kept, facts, YAML)).rejects.toMatchObject({ code: 'not-found' });
  });
});
