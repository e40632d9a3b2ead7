import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryBlobStore } from '#blob-store/memory/memory-blob-store';
import type { Inside, Packages } from '../manifest/inside.js';
import { keptCapture, YAML, type Captured } from '../testing/kept-capture.js';
import { SigningAuthority } from '../testing/signing-authority.js';
import { compareCaptures, type CaptureDifference } from './compare-captures.js';

const authority = new SigningAuthority();
const ROOM = 6_000;

let kept: MemoryBlobStore;
beforeEach(() => {
  kept = new MemoryBlobStore();
});

const between = async (before: Captured | null, after: Captured): Promise<CaptureDifference> =>
  compareCaptures(
    before && (await keptCapture(kept, authority, before)),
    await keptCapture(kept, authority, after),
    kept,
    ROOM,
  );
const inside = (packages: Packages | null, snapYaml: string | null = null): Captured => ({
  inside: { opened: true, snapYaml, packages } satisfies Inside,
});
const packages = (...names: string[]): Captured => inside({ names, left: 0 });

describe('what a snap’s own file says', () => {
  it('is what an approver is shown, and that the store shows something else', async () => {
    const own = YAML.replace('network-observe', 'snapd-control');
    expect(await between({}, inside(null, own))).toEqual({
      lines: [
        { what: 'plug snapd-control', old: null, new: 'snapd-control' },
        { what: 'plug network-observe', old: 'network-observe', new: null },
      ],
      marks: [
        {
          code: 'doubtful-metadata',
          text: 'the store shows another snap.yaml than the one that is in it: plug snapd-control, plug network-observe',
        },
        {
          code: 'privileged-interface',
          text: 'plug snapd-control: an interface that gives much, which only a snap-declaration allows',
        },
      ],
    });
  });

  it('may be spelled otherwise than the store shows it', async () => {
    expect(await between({}, inside(null, `# built by hand\n${YAML}`))).toEqual({ lines: [], marks: [] });
  });

  it('is enough where the store shows nothing', async () => {
    expect(await between({}, { ...inside(null, YAML), yaml: '' })).toEqual({ lines: [], marks: [] });
  });

  it('that cannot be opened is the store’s word, and marked', async () => {
    const closed: Captured = { inside: { opened: false, why: 'it is no squashfs' } };
    expect(await between({}, closed)).toEqual({
      lines: [],
      marks: [
        {
          code: 'doubtful-metadata',
          text: "its file cannot be opened (it is no squashfs): what is from its snap.yaml is the store's word",
        },
      ],
    });
  });
});

describe('the packages of a snap', () => {
  it('are compared by name', async () => {
    const { lines, marks } = await between(
      packages('libc6=2.39-0ubuntu8', 'libssl3=3.0.13', 'zlib1g=1.3'),
      packages('libc6=2.39-0ubuntu9', 'libssl3=3.0.13', 'curl=8.5.0', 'jq=1.7'),
    );
    expect(lines).toEqual([
      { what: 'packages', old: '3', new: '4' },
      { what: 'package libc6', old: '2.39-0ubuntu8', new: '2.39-0ubuntu9' },
      { what: 'package curl', old: null, new: '8.5.0' },
      { what: 'package jq', old: null, new: '1.7' },
      { what: 'package zlib1g', old: '1.3', new: null },
    ]);
    expect(marks).toEqual([]);
  });

  it('that two parts brought in two versions have both', async () => {
    const { lines } = await between(packages('a=1', 'a=2'), packages('a=1', 'a=3'));
    expect(lines).toEqual([{ what: 'package a', old: '1, 2', new: '1, 3' }]);
  });

  it('are counted where only one of the two has a list', async () => {
    for (const before of [{}, inside(null), null])
      expect((await between(before, packages('a=1', 'b=2'))).lines.at(-1)).toEqual({
        what: 'packages',
        old: null,
        new: '2',
      });
    expect((await between(packages('a=1'), inside(null))).lines).toEqual([
      { what: 'packages', old: '1', new: null },
    ]);
  });

  it('that cannot be read, or are too many, are marked', async () => {
    const marks = async (list: Packages): Promise<string[]> =>
      (await between({}, inside(list))).marks.map(({ text }) => text);
    expect(await marks({ why: 'it is no map' })).toEqual(['its packages cannot be read: it is no map']);
    expect(await marks({ names: ['a=1'], left: 7 })).toEqual(['of its packages, 7 are not shown']);
  });
});
