import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { scalarOf, splitAssertions } from '#snap';
import { Board } from '#test/support/board';
import { startSite, type TestSite } from '#test/support/site';
import { Fakestore } from './fakestore.js';
import { buildSnapRig, missingFrom, presentRig } from './rig.js';
import { SnapClient, type SnapDownload } from './snap-client.js';
import { packSnap } from './squashfs-snap.js';
import { TestStore } from './test-store.js';

const rig = await buildSnapRig();
const missing = missingFrom(rig);
const named = missing === undefined ? '' : ` (${missing} is missing)`;
const SNAP_ID = 'labhelloidlabhelloidlabhelloid01';

/** The revision that the client accepted, by the snap-revision that it stored beside the snap; it has verified the chain by then. */
function revisionOf({ status, output, assertions }: SnapDownload): string {
  expect({ status, output }).toMatchObject({ status: 0 });
  const revision = splitAssertions(assertions ?? '').find(({ type }) => type === 'snap-revision');
  return revision === undefined ? 'none' : (scalarOf(revision.headers, 'snap-revision') ?? 'none');
}

/** Once the proxy obeys the new policy. */
async function untilRevision(client: SnapClient, revision: string): Promise<SnapDownload> {
  return vi.waitUntil(
    async () => {
      const download = await client.download('lab-hello', { channel: 'stable' });
      return revisionOf(download) === revision ? download : undefined;
    },
    { timeout: 30_000, interval: 100 },
  );
}

describe.skipIf(missing !== undefined)(
  `snap download through the proxy, from the sandbox store${named}`,
  () => {
    let folder: string;
    let store: SandboxStore;
    let site: TestSite;
    let client: SnapClient;
    let board: Board;

    beforeAll(async () => {
      const { keysDir, rootsDir, storeAccountKey, snapBin } = presentRig(rig);
      folder = await mkdtemp(path.join(tmpdir(), 'holdfast-sandbox-'));
      const keys = path.join(folder, 'keys');
      await cp(keysDir, keys, { recursive: true });
      await cp(rootsDir, keys, { recursive: true });
      await writeFile(path.join(keys, 'store.account-key'), storeAccountKey);
      store = await startSandboxStore({ dir: folder, keysDir: keys });
      site = await startSite(store);
      board = await Board.of(site.urls.control, site.home);
      client = await SnapClient.for(snapBin, site.urls.proxy);
    }, 180_000);

    afterAll(async () => {
      await client?.[Symbol.asyncDispose]();
      await site?.stop();
      await store?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('gets what upstream released while nothing is decided', async () => {
      expect(revisionOf(await client.download('lab-hello', { channel: 'stable' }))).toBe('1');
    });

    it('gets the approved revision instead of the released one, its whole chain verified', async () => {
      await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
      store.release('lab-hello', 'stable', 2);
      const { assertions } = await untilRevision(client, '1');
      const types = splitAssertions(assertions ?? '').map(({ type }) => type);
      expect(types.toSorted()).toEqual(['account', 'account-key', 'snap-declaration', 'snap-revision']);
    });

    it('is told that there is no other revision of a snap that is held', async () => {
      const { status, output } = await client.download('lab-hello', { revision: 2 });
      expect(status).not.toBe(0);
      expect(output).toContain('no snap revision available as specified');
      expect(revisionOf(await client.download('lab-hello', { revision: 1 }))).toBe('1');
    });

    it('gets of a snap that is not held whatever is there, by channel and by revision', async () => {
      expect(revisionOf(await client.download('lab-tool', { channel: 'edge' }))).toBe('7');
      expect(revisionOf(await client.download('lab-tool', { revision: 3 }))).toBe('3');
    });

    it('gets the revision of its own architecture', async () => {
      await board.hold({ snap: 'lab-multi', channel: 'stable', revision: 11 });
      const { snapBin } = presentRig(rig);
      await using arm64 = await SnapClient.for(snapBin, site.urls.proxy, 'arm64');
      expect(revisionOf(await arm64.download('lab-multi', { channel: 'stable' }))).toBe('11');
      expect((await client.download('lab-multi', { revision: 11 })).status).not.toBe(0);
    });

    it('understands that a snap does not exist', async () => {
      const { status, output } = await client.download('no-such-snap');
      expect(status).not.toBe(0);
      expect(output).toContain('snap not found');
    });

    it('serves on without upstream what is held', async () => {
      store.fault({ mode: 'hang' });
      expect(revisionOf(await client.download('lab-hello', { channel: 'stable' }))).toBe('1');
      store.fault({ mode: 'none' });
    });

    it('gives the channel back to upstream when the override is deleted', async () => {
      await board.hold({ snap: 'lab-hello', channel: 'stable', revision: null });
      expect(revisionOf(await untilRevision(client, '2'))).toBe('2');
    });
  },
);

describe.skipIf(missing !== undefined)(
  `snap download through the proxy, from snapd's fakestore${named}`,
  () => {
    let store: Fakestore;
    let site: TestSite;
    let client: SnapClient;

    beforeAll(async () => {
      const keys = presentRig(rig);
      store = await Fakestore.start(keys.fakestoreBin);
      const signer = await TestStore.with(keys);
      const [one, two] = [await packSnap('lab-hello', '1.0'), await packSnap('lab-hello', '1.1')];
      await store.publishSnap('lab-hello_1.snap', one);
      await store.publishAssertions([
        signer.account(),
        signer.declaration(SNAP_ID, 'lab-hello'),
        signer.revision(SNAP_ID, 1, one),
        signer.revision(SNAP_ID, 2, two),
      ]);
      site = await startSite({ url: store.url, trustRootsDir: keys.rootsDir });
      client = await SnapClient.for(keys.snapBin, site.urls.proxy);
      const board = await Board.of(site.urls.control, site.home);
      // Captured first: this store has one revision at a time.
      await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
      await store.publishSnap('lab-hello_2.snap', two);
    }, 180_000);

    afterAll(async () => {
      await client?.[Symbol.asyncDispose]();
      await site?.stop();
      await store?.[Symbol.asyncDispose]();
    });

    it('gets the approved revision, which upstream no longer has, its whole chain verified', async () => {
      expect(revisionOf(await untilRevision(client, '1'))).toBe('1');
    });

    it('gets on a channel that nothing is decided for what upstream has now', async () => {
      expect(revisionOf(await client.download('lab-hello', { channel: 'edge' }))).toBe('2');
    });
  },
);
