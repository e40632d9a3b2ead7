import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '#platform/logging/logger';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';
import { saidEvents } from './testing/said-events.js';

const registry = new Registry();
let site: ProxySite;
let proxy: RunningProxy;

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold();
  const logger = createLogger('proxy', 'silent');
  const { metrics, events } = saidEvents(logger, registry, site.folder);
  proxy = await site.proxy('cache', undefined, {}, { logger, events });
  const { limit } = proxy.made.room.artefacts;
  metrics.watchCache(limit, proxy.made.room.usage);
  await proxy.events.until('obeyed 1');
});
afterAll(async () => site.close());

/** The value of one line of what is scraped; undefined when it is not there. */
async function shown(line: string): Promise<number | undefined> {
  const found = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length));
}
const asked = async (result: string) =>
  (await shown(`holdfast_cache_requests_total{result="${result}"}`)) ?? 0;
const ofArtefacts = (what: string) => shown(`holdfast_cache_${what}{folder="artefacts"}`);

it('counts what is fetched as a miss and what is there as a hit, and shows what is there and how old it is', async () => {
  expect([await asked('hit'), await asked('miss')]).toEqual([0, 0]);
  expect(await ofArtefacts('files')).toBe(0);
  expect(await ofArtefacts('oldest_use_seconds')).toBe(0);
  const device = new Device(proxy.url);
  const { url = '', size = 0 } = (await device.install('lab-tool')).snap?.download ?? {};
  expect(size).toBeGreaterThan(0);

  await (await device.download(url)).arrayBuffer();
  expect([await asked('hit'), await asked('miss')]).toEqual([0, 1]);
  await expect.poll(() => ofArtefacts('files')).toBe(1);
  expect(await ofArtefacts('bytes')).toBeGreaterThanOrEqual(size);
  expect(await shown('holdfast_cache_limit_bytes')).toBe(proxy.made.room.artefacts.limit);
  await expect.poll(() => ofArtefacts('oldest_use_seconds')).toBeGreaterThan(0);

  await expect
    .poll(async () => {
      // Until its transfer has ended, a little after its last byte, who asks joins it.
      await (await device.download(url)).arrayBuffer();
      return await asked('hit');
    })
    .toBe(1);
  expect(await asked('miss')).toBe(1);
  expect(await ofArtefacts('files')).toBe(1);
});
