import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import { parseManifest } from '#catalog/published';
import { SigningAuthority } from '#catalog/testing/signing-authority';
import { SNAP_CONTENT, SNAP_ID, testStore, type TestStore } from '#catalog/testing/test-store';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { loadConfig } from '#platform/config';
import { StreamWriter } from '#platform/decide-and-append';
import { createLogger } from '#platform/logging/logger';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ChangeRequest } from '#release-control/domain/change-request/state';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { openAdapters } from './adapters.js';
import { WorkerConfig } from './config.js';
import { startWorker } from './start-worker.js';

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

async function start(): Promise<void> {
  const config = loadConfig(WorkerConfig, {
    DATABASE_URL: database.url('worker'),
    HOLDFAST_KEPT_DIR: join(folder, 'kept'),
    HOLDFAST_TRUST_ROOTS: join(folder, 'roots'),
    HOLDFAST_UPSTREAM_URL: store.url,
  });
  const adapters = await openAdapters(config);
  const app = await startWorker(adapters, createLogger('worker', 'silent'));
  stopWorker = async () => {
    await adapters.stop();
    await app.close();
    await adapters.close();
  };
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

describe('the worker', () => {
  it('captures what is submitted, and applies what is approved', async () => {
    await start();
    await submit('CR-1', '5');
    const { changes, recordDigest } = await reaching('CR-1', 'captured');
    expect(changes.map(({ target }) => target)).toEqual(
      ['amd64', 'arm64'].map((architecture) => ({
        format: 'snap',
        subject: SNAP_ID,
        channel: 'latest/stable',
        architecture,
      })),
    );
    const kept = new FilesystemBlobReader(join(folder, 'kept'));
    const manifest = parseManifest(await kept.read(changes[0]?.new?.manifest ?? ''));
    expect(Buffer.from(await kept.read(manifest.blob.sha256))).toEqual(SNAP_CONTENT);

    await approve('CR-1', recordDigest);
    await reaching('CR-1', 'applied');
    const { state } = await writer.load(releasePolicy, releasePolicyStream('CR-1'));
    expect([...state.overrides.values()].map(({ version }) => version)).toEqual(['5', '5']);
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

  it('refuses to start with trust roots that are none', async () => {
    await writeFile(join(folder, 'roots', 'broken.assert'), 'type: account\n');
    await expect(start()).rejects.toThrow(/trust roots in .* can't be used/);
    await rm(join(folder, 'roots'), { recursive: true });
    await expect(start()).rejects.toThrow(/roots/);
  });
});
