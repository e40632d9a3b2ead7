import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Report } from '#platform/health/readiness';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { startSite, type TestSite } from '#test/support/site';

const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;

let folder: string;
let upstream: SandboxStore;
let site: TestSite;

async function readyz(server: (typeof SERVERS)[number]): Promise<Report & { readonly status: number }> {
  const response = await fetch(`${site.urls.health[server]}/readyz`);
  return { ...((await response.json()) as Report), status: response.status };
}

/** Until a server is ready, or waits for this among others. */
function until(server: (typeof SERVERS)[number], waitsFor?: string): Promise<Report> {
  const ask = async () => {
    const report = await readyz(server).catch(() => undefined);
    if (!report) return undefined;
    return (waitsFor === undefined ? report.ready : report.waitsFor.includes(waitsFor)) ? report : undefined;
  };
  return vi.waitUntil(ask, { timeout: 60_000, interval: 50 });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-upstream-'));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
}, 120_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the health of a site', () => {
  it('has an address for each server, which run.json tells', async () => {
    const run = JSON.parse(await readFile(join(site.home, 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(run['health']).toEqual(site.urls.health);
    for (const server of SERVERS) {
      const response = await fetch(`${site.urls.health[server]}/livez`);
      expect(await response.json()).toEqual({ server, alive: true });
    }
  });

  it.each(SERVERS)('says that %s is ready, and by what', async (server) => {
    const { ready, conditions } = await until(server);
    expect(ready).toBe(true);
    expect(conditions.length).toBeGreaterThan(2);
  });

  it('names the database while it is away, for those that cannot do without', async () => {
    await site.database.stop();
    for (const server of ['control', 'worker', 'projector'] as const)
      expect(await until(server, 'database')).toMatchObject({ ready: false });
    const gone = async () => {
      const { conditions } = await readyz('proxy');
      return conditions.find(({ name, met }) => name === 'database' && !met);
    };
    const shown = await vi.waitUntil(gone, { timeout: 60_000, interval: 50 });
    expect(shown).toMatchObject({ needed: false });
    expect(await readyz('proxy')).toMatchObject({ status: 200, ready: true });
  });

  it('is good again by itself when the database is back', async () => {
    await site.database.start();
    for (const server of SERVERS) expect(await until(server)).toMatchObject({ ready: true });
  });
});
