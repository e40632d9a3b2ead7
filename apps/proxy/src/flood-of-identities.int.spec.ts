import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DeliveryRecord } from '#fleet/domain/deliveries/record';
import { DeliveryRecorder } from '#fleet/spool/recorder';
import { Spool } from '#fleet/spool/spool';
import { createLogger } from '#platform/logging/logger';
import { DeviceSessions } from '#serving/published';
import { recordingEvents } from './recording-events.js';
import { sessionRequest } from './testing/device-with-serial.js';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

/** Identities that no store has accepted and that are named within an hour (docs/explanation/deliveries.md). */
const MOST_NAMED = 1_000;

let site: ProxySite;
let proxy: RunningProxy;
let spool: Spool;
const recorded: DeliveryRecord[] = [];

beforeAll(async () => {
  site = await ProxySite.start();
  await site.decide('open', await site.capture('lab-hello', 'stable', 2));
  spool = await Spool.open(join(site.folder, 'spool'), 0, (error) => {
    throw error;
  });
  // All of it is within one hour, whenever this runs.
  const recorder = new DeliveryRecorder(
    (record) => {
      recorded.push(record);
      spool.add(record);
    },
    () => Date.parse('2026-11-26T12:30:00Z'),
  );
  proxy = await site.proxy(
    'cache',
    undefined,
    {},
    {
      logger: createLogger('proxy', 'silent'),
      events: (events) => recordingEvents(events, { recorder, spool }),
    },
  );
  await proxy.events.until('obeyed 1');
  // What the first device leaves is there whatever comes after it.
  await served(new Device(proxy.url));
  for (const folder of ['answers', 'manifests', 'policy'])
    await vi.waitUntil(async () => (await filesIn(join(site.folder, 'cache', folder))).length > 0, {
      timeout: 30_000,
    });
});
afterAll(async () => {
  await spool?.close();
  await site.close();
});

/** Asks for what is held, and for what is relayed. */
async function served(device: Device): Promise<void> {
  expect((await device.install('lab-hello')).snap?.revision).toBe(2);
  expect((await device.install('lab-tool')).result).not.toBe('error');
}

/** Many at a time, as a flood comes. */
async function flood(many: number, each: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < many) await each(next++);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** Files that are being written are none yet. */
const cached = async () => (await filesIn(join(site.folder, 'cache'))).length;

async function spooled(): Promise<number> {
  const sizes = (await filesIn(join(site.folder, 'spool'))).map(async (file) => (await stat(file)).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function answers(): number {
  return proxy.made.room.usage().find(({ folder }) => folder === 'answers')?.files ?? 0;
}

describe('a flood of new identities leaves', () => {
  it('nothing of what changes no answer', async () => {
    const before = [await cached(), await spooled()];
    const anew = (n: number) => ({
      'user-agent': `x${n}`,
      'snap-client-user-agent': `y${n}`,
      'snap-device-location': `z${n}`,
      'snap-refresh-reason': `r${n}`,
    });
    await flood(100, (n) => served(new Device(proxy.url, 'amd64', anew(n))));
    expect([await cached(), await spooled()]).toEqual(before);
  });

  it('nothing of sessions that are opened while upstream is gone, but for a record of who was named', async () => {
    await site.upstream.shut();
    const before = { cached: await cached(), records: recorded.length };
    const post = async (path: string, body?: unknown): Promise<Record<string, string>> => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${proxy.url}/api/v1/snaps/auth/${path}`, { method: 'POST', ...sent });
      expect(response.status).toBe(200);
      return (await response.json()) as Record<string, string>;
    };
    await flood(40, async (n) => {
      const { nonce = '' } = await post('nonces');
      const { macaroon = '' } = await post('sessions', sessionRequest(nonce, { device: `made-up-${n}` }));
      const shown = { 'snap-device-authorization': `Macaroon root="${macaroon}"` };
      const { snap } = await new Device(proxy.url, 'amd64', shown).install('lab-hello');
      expect(snap?.revision).toBe(2);
    });
    await site.upstream.reopen();
    expect(await cached()).toBe(before.cached);
    const named = recorded.slice(before.records);
    expect(named).toHaveLength(40);
    for (const record of named) expect(record).toMatchObject({ what: 'offered', device: { proof: 'key' } });
  });

  it('no record of those beyond the bound', async () => {
    const sessions = new DeviceSessions(Buffer.from('ab'.repeat(32), 'hex'));
    const named = () =>
      new Set(recorded.map((record) => ('device' in record && record.device?.serial) || undefined)).size;
    const flooded = (from: number, many: number) =>
      flood(many, async (n) => {
        const shown = { brand: 'lab', model: 'box', serial: `flood-${from + n}`, upstream: null };
        const sealed = sessions.seal(shown, Date.now());
        const headers = { 'snap-device-authorization': `Macaroon root="${sealed}"` };
        await new Device(proxy.url, 'amd64', headers).install('lab-hello');
      });
    await flooded(0, MOST_NAMED);
    // Those, and nobody.
    expect(named()).toBe(MOST_NAMED + 1);
    const before = [await cached(), await spooled(), recorded.length];
    await flooded(MOST_NAMED, 100);
    expect([await cached(), await spooled(), recorded.length]).toEqual(before);
  });

  it('of stores that are made up one small copy each, within their room, and no record', async () => {
    const before = await spooled();
    const stores = () =>
      flood(100, (n) => served(new Device(proxy.url, 'amd64', { 'snap-device-store': `store-${n}` })));
    await stores();
    // A few may have been left out: so many are written at a time.
    await expect.poll(answers).toBeGreaterThan(1);
    await stores();
    expect(answers()).toBeLessThanOrEqual(1 + 100);
    const { words } = proxy.made.room;
    const taken = [...words.all.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    expect(taken).toBeLessThanOrEqual(words.limit);
    expect(await spooled()).toBe(before);
  });
});
