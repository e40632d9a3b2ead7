import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BlobLayout } from '#blob-store/filesystem/blob-layout';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import { KEPT_BLOBS_STREAM } from '#catalog/domain/kept-blobs/kept-blobs';
import { WATCH_LIST_STREAM, watchedSnaps, watchList } from '#catalog/domain/watch-list/watch-list';
import { parseManifest } from '#catalog/published';
import { decodeEvent, StoppedClock, type Clock, type EventEnvelope } from '#kernel';
import { SigningAuthority } from '#catalog/testing/signing-authority';
import { SNAP_CONTENT, SNAP_ID, testStore, type TestStore } from '#catalog/testing/test-store';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { BUILT_IN_POLICY } from '#release-control/domain/approval-policy/approval-policy';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ResolvedChange } from '#release-control/domain/change-request/events';
import type { ChangeRequest } from '#release-control/domain/change-request/state';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { noteSigner } from '#tlog';
import { runWorker } from './testing/running-worker.js';

const authority = new SigningAuthority();
let database: TestDatabase;
/** As control writes. */
let control: PostgresEventStore;
let writer: StreamWriter;
beforeAll(async () => {
  database = await testDatabase();
  control = new PostgresEventStore(database.url('control'));
  writer = new StreamWriter(control, 'Etc/UTC');
});
afterAll(async () => control.close());

let folder: string;
let store: TestStore;
let stopWorker: (() => Promise<void>) | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  store = await testStore(authority);
  await mkdir(join(folder, 'roots'));
  await writeFile(join(folder, 'ledger.vkey'), noteSigner('site.example', Buffer.alloc(32, 1)).vkey);
  await writeFile(join(folder, 'roots', 'account.assert'), authority.account.bytes);
  await writeFile(join(folder, 'roots', 'key.assert'), authority.rootKey.bytes);
  await writeFile(join(folder, 'roots', 'README'), 'whom we trust');
});
afterEach(async () => {
  await stopWorker?.();
  stopWorker = undefined;
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function start(scrubEveryMinutes = '0', clock?: Clock): Promise<void> {
  ({ stop: stopWorker } = await runWorker({
    folder,
    databaseUrl: database.url('worker'),
    env: {
      HOLDFAST_SCRUB_EVERY_MINUTES: scrubEveryMinutes,
      HOLDFAST_TRUST_ROOTS: join(folder, 'roots'),
      HOLDFAST_UPSTREAM_URL: store.url,
    },
    clock,
  }));
}

async function submit(id: string, version: string): Promise<void> {
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'DraftChange',
    id,
    ring: id,
    items: [{ format: 'snap', name: 'lab-hello', channel: 'latest/stable', version }],
    submit: true,
    context: byPerson('Ana', ['author']),
  });
}

async function approve(id: string, recordDigest: string): Promise<void> {
  const context = byPerson('Ben', ['approver'], { auth: 'password' });
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'ApproveChange',
    policy: BUILT_IN_POLICY,
    signersNow: new Map(),
    signature: {
      meaning: 'approved',
      signer: 'id-of-Ben',
      printedName: 'Ben',
      signedAt: context.at,
      components: ['password'],
      credential: 'credential-1',
      recordDigest,
    },
    context,
  });
}

/** Waits until the request has come so far. */
async function reaching<Status extends ChangeRequest['status']>(id: string, status: Status) {
  return vi.waitFor(
    async () => {
      const { state } = await writer.load(changeRequest, changeRequestStream(id));
      expect(state.status).toBe(status);
      return state as Extract<ChangeRequest, { status: Status }>;
    },
    { timeout: 20_000, interval: 20 },
  );
}

async function keptBlobEvents(): Promise<EventEnvelope[]> {
  const events: EventEnvelope[] = [];
  for await (const { bytes } of control.readStream(KEPT_BLOBS_STREAM)) events.push(decodeEvent(bytes));
  return events;
}

function overridesIn(changes: readonly ResolvedChange[]) {
  return changes.filter((change) => change.kind === undefined);
}

describe('the worker', () => {
  it('captures what is submitted, and applies what is approved', async () => {
    await start();
    await submit('CR-1', '5');
    const { changes, recordDigest } = await reaching('CR-1', 'captured');
    expect(overridesIn(changes).map(({ target }) => target)).toEqual(
      ['amd64', 'arm64'].map((architecture) => ({
        format: 'snap',
        subject: SNAP_ID,
        channel: 'latest/stable',
        architecture,
      })),
    );
    const [amd64, arm64] = overridesIn(changes).map(({ difference }) => difference);
    expect(amd64?.lines).toContainEqual({ what: 'app hello', old: null, new: 'bin/hello' });
    expect(amd64?.lines).toContainEqual({ what: 'packages', old: null, new: '1' });
    expect(amd64?.marks).toEqual([
      { code: 'connects-by-itself', text: 'plug network: snapd connects it by itself' },
    ]);
    expect(arm64).toEqual(amd64);
    const kept = new FilesystemBlobReader(join(folder, 'kept'));
    const manifest = parseManifest(await kept.read(overridesIn(changes)[0]?.new?.manifest ?? ''));
    expect(Buffer.from(await kept.read(manifest.blob.sha256))).toEqual(SNAP_CONTENT);

    await approve('CR-1', recordDigest);
    await reaching('CR-1', 'effective');
    const { state } = await writer.load(releasePolicy, releasePolicyStream('CR-1'));
    expect([...state.overrides.values()].map(({ version }) => version)).toEqual(['5', '5']);
  });

  it('watches what was asked for', async () => {
    await start();
    await vi.waitFor(
      async () => {
        const { state } = await writer.load(watchList, WATCH_LIST_STREAM);
        expect(watchedSnaps(state)).toEqual([{ name: 'lab-hello', snapId: SNAP_ID }]);
      },
      { timeout: 20_000 },
    );
  });

  it('reports the exact reason of what it refuses', async () => {
    await start();
    await submit('CR-2', '7');
    expect((await reaching('CR-2', 'capture-refused')).failures).toMatchObject([
      { code: 'revision-not-found', message: expect.stringContaining('when asked for 7') as string },
    ]);
  });

  it('waits for an upstream that recovers', async () => {
    let ill = 1;
    store.intercept = (_, response) => {
      const hit = ill-- > 0;
      if (hit) response.writeHead(503).end();
      return hit;
    };
    await start();
    await submit('CR-3', '5');
    await reaching('CR-3', 'captured');
    expect(ill).toBeLessThan(0);
  });

  it('waits for room on the disk, and blames nobody', async () => {
    await start();
    const temporary = join(folder, 'kept', 'tmp');
    await rm(temporary, { recursive: true });
    await writeFile(temporary, 'in the way, as good as a full disk');
    await submit('CR-5', '5');
    await vi.waitFor(() => expect(store.requests.at(-1)?.url).toMatch(/^\/download\//), { timeout: 20_000 });
    expect((await reaching('CR-5', 'submitted')).submission).toBe(1);
    await rm(temporary);
    await mkdir(temporary);
    await reaching('CR-5', 'captured');
  });

  it('takes up at the next start what it was stopped in, and blames nobody', async () => {
    store.intercept = ({ url }) => url?.startsWith('/download/') ?? false;
    await start();
    await submit('CR-4', '5');
    await vi.waitFor(() => expect(store.requests.at(-1)?.url).toMatch(/^\/download\//), { timeout: 20_000 });
    await stopWorker?.();
    expect((await reaching('CR-4', 'submitted')).submission).toBe(1);
    store.intercept = () => false;
    await start();
    await reaching('CR-4', 'captured');
  });

  it('finds a damaged blob, says so once, and takes it from the next capture', async () => {
    await start();
    await submit('CR-6', '5');
    const { changes } = await reaching('CR-6', 'captured');
    const kept = new FilesystemBlobReader(join(folder, 'kept'));
    const manifest = parseManifest(await kept.read(overridesIn(changes)[0]?.new?.manifest ?? ''));
    const { sha256 } = manifest.blob;
    await stopWorker?.();
    const flipped = Buffer.from(SNAP_CONTENT);
    flipped.writeUInt8(flipped.readUInt8(7) ^ 1, 7);
    await writeFile(new BlobLayout(join(folder, 'kept')).blob(sha256), flipped);

    await start('60');
    await vi.waitFor(async () => expect(await kept.size(sha256)).toBeUndefined(), { timeout: 20_000 });
    await stopWorker?.();
    const damaged = { digest: sha256, size: String(SNAP_CONTENT.length) };
    expect(await keptBlobEvents()).toMatchObject([{ type: 'KeptBlobDamaged', data: damaged }]);

    // It isn't time for the next slice until an hour later.
    await start('60');
    await submit('CR-7', '5');
    await reaching('CR-7', 'captured');
    expect(await kept.verify(sha256)).toBe(true);
    await stopWorker?.();
    await start('60', new StoppedClock(new Date(Date.now() + 61 * 60_000).toISOString()));
    await vi.waitFor(async () => expect(await keptBlobEvents()).toHaveLength(2), { timeout: 20_000 });
    expect((await keptBlobEvents())[1]).toMatchObject({ type: 'KeptBlobRestored', data: { digest: sha256 } });
  });

  it('starts after an unclean stop with a blob that cannot be read, and the next slice says which', async () => {
    const layout = new BlobLayout(join(folder, 'kept'));
    const digest = 'ab'.repeat(32);
    await mkdir(layout.blob(digest), { recursive: true });
    await writeFile(layout.marker, '');
    await start('60', new StoppedClock(new Date(Date.now() + 3 * 60 * 60_000).toISOString()));
    const event = { type: 'KeptBlobDamaged', data: { digest, why: 'it cannot be read (EISDIR)' } };
    await vi.waitFor(async () => expect((await keptBlobEvents()).at(-1)).toMatchObject(event), {
      timeout: 20_000,
    });
  });

  it('refuses to start with trust roots that are none', async () => {
    await writeFile(join(folder, 'roots', 'broken.assert'), 'type: account\n');
    await expect(start()).rejects.toThrow(/^HOLDFAST_TRUST_ROOTS is .* can't be used/);
    await rm(join(folder, 'roots'), { recursive: true });
    await expect(start()).rejects.toThrow(/roots/);
  });
});
