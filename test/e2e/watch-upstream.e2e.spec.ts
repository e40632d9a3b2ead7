import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { Board } from '#test/support/board';
import { startSite, type TestSite } from '#test/support/site';

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let board: Board;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-upstream-'));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
  board = await Board.of(site.urls.control, site.home);
  await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
}, 180_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Candidates {
  readonly candidates: readonly {
    readonly architecture: string;
    readonly upstream: { readonly revision: number };
  }[];
}

const seen = (type: string) =>
  board.get<{ events: { data: unknown; reason: { text: string } }[] }>(`/v1/audit?type=${type}`);

describe('upstream', () => {
  it('is looked at as soon as something is held', async () => {
    await vi.waitUntil(async () => (await seen('SnapFirstSeen')).events.length === 1, {
      timeout: 60_000,
      interval: 100,
    });
    expect(await board.get('/v1/candidates')).toEqual({ candidates: [], next: null });
  });

  it('has a newer declaration, which is a candidate until the same revision is approved again with it', async () => {
    const served = async () => {
      const path = '/v2/assertions/snap-declaration/16/labhelloidlabhelloidlabhelloid01?max-format=6';
      const text = await (await fetch(site.urls.proxy + path)).text();
      return Number(/^revision: (\d+)$/m.exec(text)?.[1] ?? 0);
    };
    const approved = await served();
    upstream.declare('lab-hello', {});
    await board.sync();
    const declaration = { approved, upstream: approved + 1 };
    expect(await board.get<Candidates>('/v1/candidates')).toMatchObject({
      candidates: [
        { architecture: 'amd64', upstream: { revision: 1 }, declaration },
        { architecture: 'arm64', declaration },
      ],
    });
    expect(await served()).toBe(approved);
    const { changes } = await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect(changes).toMatchObject([
      { old: { version: '1', declaration: approved }, new: { version: '1', declaration: approved + 1 } },
      {},
    ]);
    await vi.waitUntil(async () => (await served()) === approved + 1, { timeout: 60_000, interval: 50 });
    expect(await board.get('/v1/candidates')).toEqual({ candidates: [], next: null });
  });

  it('moves on, is looked at when somebody asks, and is a candidate', async () => {
    upstream.release('lab-hello', 'stable', 2);
    upstream.release('lab-hello', 'edge', null, 'arm64');
    expect(await board.sync()).toMatchObject({ total: 1, outcome: { changed: 1, failures: [] } });
    const { candidates } = await board.get<Candidates>('/v1/candidates');
    expect(candidates.map(({ architecture, upstream: { revision } }) => [architecture, revision])).toEqual([
      ['amd64', 2],
      ['arm64', 2],
    ]);
    expect(await board.get('/v1/overrides')).toMatchObject({
      overrides: [
        { revision: 1, upstreamRevision: 2 },
        { revision: 1, upstreamRevision: 2 },
      ],
    });
    expect((await seen('ChannelClosed')).events).toHaveLength(1);
    const metrics = await (await fetch(`${site.urls.health.worker}/metrics`)).text();
    expect(metrics).toMatch(/^holdfast_publisher_events_total\{event="ChannelClosed"\} 1$/m);
  });

  it('is told to be away, and looked at again when it is back, also by a worker that was killed', async () => {
    upstream.fault({ mode: 'error-500' });
    expect((await board.sync()).outcome.failures).toMatchObject([
      { snap: 'lab-hello', code: 'server-error' },
    ]);
    upstream.fault({ mode: 'none' });
    upstream.declare('lab-hello', { revoked: true });
    await site.kill('worker');
    expect((await board.sync()).outcome).toMatchObject({ changed: 1, failures: [] });
    expect((await seen('DeclarationRevoked')).events).toHaveLength(1);
  });
});
