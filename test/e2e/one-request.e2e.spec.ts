import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { decodeEvent } from '#kernel';
import { Board, PASSWORD } from '#test/support/board';
import { startSite, type TestSite } from '#test/support/site';

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let firstAdmin: string;

type Line = Readonly<Record<string, unknown>>;

/** The lines that a server has logged. */
function logged(server: string): Line[] {
  return site.log
    .filter((line) => line.startsWith(`${server} `) && line.includes('| {'))
    .map((line) => JSON.parse(line.slice(line.indexOf('| {') + 2)) as Line);
}

function until(server: string, wanted: Line): Promise<Line> {
  const matches = (line: Line): boolean =>
    Object.entries(wanted).every(([name, value]) => String(line[name]) === String(value));
  return vi.waitUntil(() => logged(server).find(matches), { timeout: 60_000, interval: 50 });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-upstream-'));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
  firstAdmin = (await readFile(join(site.home, 'secrets', 'first-admin'), 'utf8')).trim();
  const board = await Board.of(site.urls.control, site.home);
  await board.submit({ snap: 'lab-hello', channel: 'stable', revision: 1 });
}, 120_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

async function correlations(type: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: site.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ bytes: Buffer }>('select bytes from events.event where type = $1', [
      type,
    ]);
    return rows.map(({ bytes }) => decodeEvent(bytes).correlation);
  } finally {
    await client.end();
  }
}

describe("one request's id", () => {
  it('leads from control through its events to the worker and the projector', async () => {
    const asked = await until('control', { msg: 'answered', method: 'POST', route: '/v1/change-requests' });
    const { requestId } = asked;
    expect(await correlations('ChangeSubmitted')).toEqual([requestId]);
    expect(await correlations('ArtefactsCaptured')).toEqual([requestId]);
    expect(await until('worker', { msg: 'appended', requestId, types: 'ArtefactsCaptured' })).toMatchObject({
      level: 'info',
    });
    for (const type of ['ChangeSubmitted', 'ArtefactsCaptured'])
      expect(await until('projector', { msg: 'remembered', requestId, type })).toMatchObject({
        level: 'info',
      });
  });

  it('is one of its own for each request of a device', async () => {
    const ask = () => fetch(`${site.urls.proxy}/v2/snaps/info/lab-hello?fields=revision`);
    const ids = (await Promise.all([ask(), ask()])).map(({ headers }) => headers.get('x-request-id'));
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('the logs', () => {
  it('hold no secret', async () => {
    const keys = await Promise.all(
      ['site.key', 'proxy.key', 'ledger.key', 'policy.key'].map(async (name) =>
        (await readFile(join(site.home, 'secrets', name), 'utf8')).trim(),
      ),
    );
    const database = new URL(site.ownerUrl).password;
    const everything = site.log.join('\n');
    const found = [...keys, firstAdmin, PASSWORD, database].filter((secret) => everything.includes(secret));
    expect(found).toEqual([]);
    expect(database).not.toBe('');
    expect(everything).not.toMatch(/Bearer|postgres:\/\/[^ "]+:[^ "]+@/);
  });
});
