import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DeliveryRecord } from '#fleet/domain/deliveries/record';
import { DeliveryRecorder } from '#fleet/spool/recorder';
import { Spool } from '#fleet/spool/spool';
import { DeviceSessions } from '#serving/published';
import { Device, installed, LAB_HELLO, refresh } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';
import { recordingEvents } from './recording-events.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;

beforeAll(async () => {
  ({ site, proxy, device } = await holdingHello());
});
afterAll(async () => site.close());
beforeEach(() => {
  proxy.events.delivered.length = 0;
});

/** Of a device that upstream knows, or that showed its key while upstream was gone. */
function session(serial: string, upstream: string | null): Record<string, string> {
  const sessions = new DeviceSessions(Buffer.from('ab'.repeat(32), 'hex'));
  const sealed = sessions.seal({ brand: 'lab', model: 'box', serial, upstream }, Date.now());
  return { 'snap-device-authorization': `Macaroon root="${sealed}"` };
}

const delivered = (): readonly string[] => proxy.events.delivered;

it('tells what an answer names, held or from upstream, to whom its session shows', async () => {
  await device.install('lab-hello');
  await device.install('lab-tool');
  expect(delivered()).toEqual([
    'offered lab-hello 2 to somebody',
    expect.stringMatching(/^offered lab-tool [0-9]+ to somebody$/),
  ]);
  const known = new Device(proxy.url, 'amd64', session('serial-1', null));
  const results = await known.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, 1)]);
  expect(results).toHaveLength(1);
  expect(delivered().at(-1)).toBe('offered lab-hello 2 to serial-1');
});

it('gives an answer when what it names is on record', async () => {
  const { offered } = proxy.events;
  const { promise: onRecord, resolve: recorded } = Promise.withResolvers<void>();
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  proxy.events.offered = () => {
    tell();
    return onRecord;
  };
  let answered = false;
  const answer = device.install('lab-hello').finally(() => {
    answered = true;
  });
  try {
    await told;
    // Whoever is offered nothing has their answer meanwhile.
    expect(await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, 2)])).toHaveLength(1);
    expect(answered).toBe(false);
  } finally {
    recorded();
    proxy.events.offered = offered;
  }
  expect(await answer).toMatchObject({ result: 'install' });
});

it('tells what a device says that it has, and to whom its session shows', async () => {
  proxy.events.reported.length = 0;
  await device.install('lab-hello');
  expect(proxy.events.reported).toEqual([]);
  const has = [installed(LAB_HELLO, 2), installed('x'.repeat(32), 7, { 'tracking-channel': '' })];
  await device.results([refresh(LAB_HELLO)], has);
  await new Device(proxy.url, 'amd64', session('serial-1', 'upstream')).results([refresh(LAB_HELLO)], has);
  const said = `amd64: ${LAB_HELLO} 2 latest/stable, ${'x'.repeat(32)} 7 stable`;
  expect(proxy.events.reported).toEqual([`somebody ${said}`, `serial-1 ${said}`]);
  const unknown = { 'snap-device-authorization': 'Macaroon root="of another proxy"' };
  const request = { context: has, actions: [refresh(LAB_HELLO)] };
  expect((await device.post(request, unknown)).status).toBe(401);
  expect(proxy.events.reported).toHaveLength(2);
});

it('tells nothing of an action that got an error, or nothing newer', async () => {
  expect((await device.install('no-such-snap')).result).toBe('error');
  await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, 2)]);
  expect(delivered()).toEqual([]);
});

it('tells a download that came to its end, also by parts, and by whom', async () => {
  const { url = '', size = 0 } = (await device.install('lab-hello')).snap?.download ?? {};
  proxy.events.delivered.length = 0;
  await (await device.download(url)).arrayBuffer();
  await expect.poll(delivered).toEqual(['completed lab-hello 2 by somebody']);
  await (await device.download(url, { range: 'bytes=0-9' })).arrayBuffer();
  await (
    await device.download(url, { range: `bytes=10-${size - 1}`, ...session('serial-2', 'upstream') })
  ).arrayBuffer();
  await expect
    .poll(delivered)
    .toEqual(['completed lab-hello 2 by somebody', 'completed lab-hello 2 by serial-2']);
  await device.download(url, {}, 'HEAD');
  expect(delivered()).toHaveLength(2);
});

it('tells a download that broke off', async () => {
  const { url = '' } = (await device.install('lab-tool', { channel: 'candidate' })).snap?.download ?? {};
  proxy.events.delivered.length = 0;
  site.store.fault({ mode: 'tamper-blob' });
  await device.download(url).then(
    (answer) => answer.arrayBuffer().catch(() => undefined),
    () => undefined,
  );
  site.store.fault({ mode: 'none' });
  await expect.poll(() => delivered().filter((each) => !each.startsWith('broken-off lab-tool'))).toEqual([]);
});

it('becomes records on the disk, with the position that was obeyed; what the access policy refuses, counted', async () => {
  const folder = join(site.folder, 'spool');
  const spool = await Spool.open(folder, 0, (error) => {
    throw error;
  });
  const recorder = new DeliveryRecorder(
    (record) => spool.add(record),
    () => Date.parse('2026-11-26T12:30:00Z'),
  );
  const events = recordingEvents(proxy.events, { recorder, spool });
  const mark = { brand: 'lab', model: 'box', serial: 'serial-1', proof: 'store' } as const;
  const offer = { snapId: LAB_HELLO, name: 'lab-hello', revision: 2, channel: 'latest/stable' };
  await events.offered(mark, '7', [offer]);
  const snap = { snapId: LAB_HELLO, instance: null, revision: 1, channel: 'latest/stable', cohort: false };
  for (let i = 0; i < 3; i++) events.installed(mark, '7', { architecture: 'amd64', snaps: [snap] });
  for (let i = 0; i < 3; i++)
    events.refused({ ring: 'default', position: '7', request: 'install', subject: 'id', reason: 'denied' });
  recorder.settle();
  await spool.close();
  const segment = await spool.oldest();
  const records = await spool.read(segment?.number ?? 0);
  expect(JSON.parse(`[${records.toString()}]`) as DeliveryRecord[]).toEqual([
    { at: '2026-11-26T12:30:00.000Z', what: 'offered', device: mark, position: '7', ...offer },
    {
      at: '2026-11-26T12:30:00.000Z',
      what: 'installed',
      device: mark,
      architecture: 'amd64',
      report: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      snaps: [snap],
      left: 0,
      position: '7',
    },
    {
      at: '2026-11-26T12:00:00.000Z',
      what: 'refused',
      subject: 'id',
      reason: 'denied',
      position: '7',
      count: 3,
    },
  ] satisfies DeliveryRecord[]);
  expect(proxy.events.seen.filter((event) => event === 'denied: install id')).toHaveLength(3);
});
