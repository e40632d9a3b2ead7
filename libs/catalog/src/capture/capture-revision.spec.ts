import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseManifest } from '../manifest/parse-manifest.js';
import { CaptureBench } from '../testing/capture-bench.js';
import { SigningAuthority } from '../testing/signing-authority.js';
import { pathOf, SNAP_CONTENT, SNAP_ID, SNAP_YAML } from '../testing/test-store.js';

const authority = new SigningAuthority();

let bench: CaptureBench;
beforeEach(async () => {
  bench = await CaptureBench.open(authority);
});
afterEach(async () => bench[Symbol.asyncDispose]());

describe('a capture', () => {
  it('resolves a revision to targets, and keeps blob and manifest', async () => {
    const targets = await bench.capture();
    const [first] = targets;
    expect(targets).toEqual(
      ['amd64', 'arm64'].map((architecture) => ({
        target: { format: 'snap', subject: SNAP_ID, channel: 'latest/stable', architecture },
        name: 'lab-hello',
        version: '5',
        manifest: first?.manifest,
        declaration: 0,
      })),
    );
    const manifest = parseManifest(await bench.kept.read(first?.manifest ?? ''));
    expect(manifest).toMatchObject({ subject: SNAP_ID, name: 'lab-hello', version: '5', defaultTrack: null });
    expect(Buffer.from(await bench.kept.read(manifest.blob.sha256))).toEqual(SNAP_CONTENT);
    expect(manifest.snap).toMatchObject({
      'snap-yaml': SNAP_YAML,
      website: 'https://example.com/lab',
    });
    expect(manifest.inside).toEqual({
      opened: true,
      snapYaml: null,
      packages: { names: ['libc6=2.39-0ubuntu8'], left: 0 },
    });
    expect(manifest.snap).not.toHaveProperty('download');
    expect(manifest.snap).not.toHaveProperty('media');
  });

  it('keeps the exact assertions, up to and without the roots', async () => {
    const [target] = await bench.capture();
    const { assertions } = parseManifest(await bench.kept.read(target?.manifest ?? ''));
    expect(assertions.map(({ type }) => type).sort()).toEqual([
      'account',
      'account-key',
      'snap-declaration',
      'snap-revision',
    ]);
    for (const assertion of assertions) {
      expect(assertion.text).toBe(
        Buffer.from(bench.store.assertions.get(pathOf(assertion)) ?? '').toString(),
      );
    }
  });

  it('asks as snapd does, for each architecture', async () => {
    await bench.capture();
    expect(bench.store.asked).toMatchObject({
      context: [],
      actions: [
        { action: 'download', 'instance-key': 'download-1', name: 'lab-hello', revision: 5, epoch: null },
      ],
    });
    const asked = bench.store.requests.filter(({ url }) => url === '/v2/snaps/refresh');
    expect(asked.map(({ headers }) => headers['snap-device-architecture'])).toEqual(['amd64', 'arm64']);
    expect(asked[0]?.headers).toMatchObject({ 'snap-device-capabilities': 'default-tracks' });
  });

  it('names the same manifest when it is done again', async () => {
    expect(await bench.capture()).toEqual(await bench.capture());
    expect(bench.kept.count).toBe(2);
  });

  it.each([
    ['beta', 'latest/beta', undefined],
    ['beta', '2.0/beta', { 'default-track': '2.0' }],
    ['latest/beta', 'latest/beta', { 'default-track': '2.0' }],
    ['stable/fix-1', '2.0/stable/fix-1', { 'default-track': '2.0' }],
    ['stable', 'latest/stable', { 'default-track': null }],
    ['stable', 'latest/stable', { 'default-track': '../x' }],
  ])('takes %s for %s when upstream says %j', async (channel, full, info) => {
    bench.store.info = info;
    const [target] = await bench.capture({ channel });
    expect(target?.target.channel).toBe(full);
  });

  it('takes only the architectures that the revision is for', async () => {
    bench.answerWith({ architectures: ['arm64', 'riscv64'] });
    expect((await bench.capture()).map(({ target }) => target.architecture)).toEqual(['arm64']);
  });

  it('takes only the architectures that upstream has it for', async () => {
    const { result } = bench.store;
    bench.store.result = (architecture) =>
      architecture === 'amd64'
        ? result(architecture)
        : { result: 'error', error: { code: 'revision-not-found' } };
    expect((await bench.capture()).map(({ target }) => target.architecture)).toEqual(['amd64']);
  });
});
