import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MembershipRule } from '#release-control/domain/membership/rule';
import { membershipBytes, membershipNoteText, type MembershipDocument } from '#release-control/published';
import { signNote } from '#tlog';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import type { MemberStamp } from '#fleet/published';
import type { AccessRefusal } from '#serving/published';
import { sessionRequest } from './testing/device-with-serial.js';
import { Device, installed, LAB_HELLO, refresh } from './testing/device.js';
import { policyKey, ProxySite, type RunningProxy } from './testing/proxy-site.js';

/** The brand and model of `device-with-serial.ts`. */
const BRAND = 'labdevlabdevlabdevlabdevlabdev00';
const MODEL = 'lab-classic';
const serial = (number: string, more = {}): MembershipRule => {
  return { of: 'serial', brand: BRAND, model: MODEL, serial: number, ...more };
};
const model = (more = {}): MembershipRule => ({ of: 'model', brand: BRAND, model: MODEL, ...more });
const list = (name: string): MembershipRule => {
  return { of: 'list', list: name, version: 1, digest: 'd'.repeat(64), count: 1 };
};

const MEMBERS = {
  pilot: [serial('lab-1'), list('early'), serial('lab-2', { host: 'store.lab' })],
  production: [model({ network: '127.0.0.0/8' }), serial('lab-9')],
};
const LISTS = {
  early: [`${BRAND}/${MODEL}/lab-5`, ...Array.from({ length: 10_000 }, (_, n) => `acme/box/${n}`)],
};

let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;
/** Whether upstream answers about sessions. */
let isThere = true;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  const json = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (!isThere) return json(500, {});
  switch (String(request.url)) {
    case '/api/v1/snaps/auth/nonces':
      return json(200, { nonce: 'upstream-nonce' });
    case '/api/v1/snaps/auth/sessions':
      return json(200, { macaroon: 'upstream-session' });
    case '/v2/snaps/refresh':
      return json(200, { results: [] });
    default:
      return json(404, {});
  }
}

/** Nothing in the default ring, revision 2 in pilot, 1 in production. */
beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer((request, response) => void answer(request, response));
  await site.decide('gated', []);
  await site.decide('gated', await site.capture('lab-hello', 'stable', 2), undefined, 'pilot');
  await site.decide('gated', await site.capture('lab-hello', 'stable', 1), undefined, 'production');
  await site.members(MEMBERS, LISTS);
  proxy = await site.proxy('cache-members', upstream.url);
  for (const event of ['obeyed 1', 'obeyed 2 of pilot', 'obeyed 3 of production', 'members of 4'])
    await proxy.events.until(event);
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});

async function post(running: RunningProxy, path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${running.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, string>;
}

async function deviceOf(number: string, running = proxy): Promise<Device> {
  const { nonce = '' } = await post(running, '/api/v1/snaps/auth/nonces', {});
  const asked = sessionRequest(nonce, { device: number });
  const { macaroon = '' } = await post(running, '/api/v1/snaps/auth/sessions', asked);
  return new Device(running.url, 'amd64', { 'snap-device-authorization': `Macaroon root="${macaroon}"` });
}
const revisionOf = async (device: Device) => (await device.install('lab-hello')).snap?.revision;

describe('a device', () => {
  it('gets what the ring holds that it is a member of, behind one address', async () => {
    expect(await revisionOf(new Device(proxy.url))).toBeUndefined();
    expect(await revisionOf(await deviceOf('lab-1'))).toBe(2);
    expect(await revisionOf(await deviceOf('lab-5'))).toBe(2);
    expect(await revisionOf(await deviceOf('lab-7'))).toBe(1);
  });

  it('is by no header in another ring than its session proves', async () => {
    const claims = {
      'snap-device-serial': 'lab-1',
      'x-forwarded-for': '10.0.0.1',
      forwarded: 'for=10.0.0.1',
      'snap-device-brand': BRAND,
      'snap-device-model': MODEL,
    };
    expect(await revisionOf(new Device(proxy.url).with(claims))).toBeUndefined();
    expect(await revisionOf((await deviceOf('lab-7')).with(claims))).toBe(1);
  });

  it('opens another session where it shows one that is not ours', async () => {
    const response = await new Device(proxy.url).post(
      { context: [], actions: [] },
      { 'snap-device-authorization': 'Macaroon root="s.AAAA"' },
    );
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('refresh_device_session=1');
  });

  it('downloads what its ring holds, from an address that is no other ring’s', async () => {
    const pilot = await deviceOf('lab-1');
    const production = await deviceOf('lab-7');
    const address = (await pilot.install('lab-hello')).snap?.download.url ?? '';
    const session = async (device: Device) => (await device.download(address, device.headers)).status;
    expect(await session(pilot)).toBe(200);
    expect(await session(production)).toBe(403);
    // An address is for whoever has it, as long as it says nothing else of itself.
    expect((await pilot.download(address)).status).toBe(200);
  });

  it('that showed only a key is moved to a later ring by it, and to no earlier one', async () => {
    isThere = false;
    try {
      const late = await site.proxy('cache-members-late', upstream.url, { ring: 'production' });
      for (const event of ['obeyed 3', 'obeyed 2 of pilot', 'members of 4']) await late.events.until(event);
      expect(await revisionOf(await deviceOf('lab-1', late))).toBe(1);
      expect(await revisionOf(await deviceOf('lab-1'))).toBe(2);
      await late.stop();
    } finally {
      isThere = true;
    }
  });
});

/** What is told of devices meanwhile, each with the rule that is stamped on it. */
function stampsOf({ events }: RunningProxy): { readonly seen: readonly string[]; stop(): void } {
  const seen: string[] = [];
  const { offered, installed: reported, downloadEnded, refused } = events;
  const stamp = (what: string, member?: MemberStamp) =>
    seen.push(
      member ? `${what} in ${member.ring} by ${member.rule} of ${member.position}` : `${what} by no rule`,
    );
  events.offered = (_device, _position, [offer], member?: MemberStamp) => {
    if (offer) stamp(`offered ${offer.revision}`, member);
    return Promise.resolve();
  };
  events.installed = (_device, _position, _said, member?: MemberStamp) => void stamp('installed', member);
  events.downloadEnded = (_device, _position, { outcome, revision }, member?: MemberStamp) =>
    void stamp(`${outcome} ${revision}`, member);
  events.refused = ({ ring, member }: AccessRefusal) => void stamp(`refused for ${ring}`, member);
  return {
    seen,
    stop: () => void Object.assign(events, { offered, installed: reported, downloadEnded, refused }),
  };
}

describe('each record', () => {
  const of = (rule: string) => `in pilot by ${rule} of 4`;

  it('says the rule that the device is in its ring by, and a refusal too', async () => {
    const stamps = stampsOf(proxy);
    const device = await deviceOf('lab-1');
    const { download } = (await device.install('lab-hello')).snap ?? { download: { url: '', size: 0 } };
    await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, 2)]);
    await (await device.download(download.url, device.headers)).arrayBuffer();
    await expect.poll(() => stamps.seen.length).toBe(3);
    await (await deviceOf('lab-7')).install('lab-tool');
    await (await deviceOf('lab-5')).install('lab-tool');
    await new Device(proxy.url).install('lab-tool');
    stamps.stop();
    const serialRule = `serial ${BRAND}/${MODEL}/lab-1`;
    expect(stamps.seen).toEqual([
      `offered 2 ${of(serialRule)}`,
      `installed ${of(serialRule)}`,
      `completed 2 ${of(serialRule)}`,
      `refused for production in production by model ${BRAND}/${MODEL} in 127.0.0.0/8 of 4`,
      `refused for pilot ${of('list early')}`,
      'refused for default by no rule',
    ]);
  });

  it('of a download that goes on while its device moves to another ring has the rule that it began under', async () => {
    const stamps = stampsOf(proxy);
    const device = await deviceOf('lab-1');
    const { url = '', size = 0 } = (await device.install('lab-hello')).snap?.download ?? {};
    const opened = Promise.withResolvers<void>();
    const moved = Promise.withResolvers<void>();
    const { kept } = proxy.made.serving.parts;
    const open = kept.open.bind(kept);
    kept.open = async (...artefact) => {
      opened.resolve();
      await moved.promise;
      return await open(...artefact);
    };
    const whole = device.download(url, device.headers);
    await opened.promise;
    const { position } = await site.members({ production: [serial('lab-1')] });
    await proxy.events.until(`members of ${position}`);
    moved.resolve();
    kept.open = open;
    expect((await (await whole).arrayBuffer()).byteLength).toBe(size);
    await expect.poll(() => stamps.seen.length).toBe(2);
    // Going on with it is another question, and is answered as its new ring does.
    const part = { range: `bytes=10-${size - 1}` };
    expect((await device.download(url, { ...device.headers, ...part })).status).toBe(403);
    const again = (await device.install('lab-hello')).snap?.download.url ?? '';
    await (await device.download(again, { ...device.headers, ...part })).arrayBuffer();
    await expect.poll(() => stamps.seen.length).toBe(4);
    stamps.stop();
    const [before, after] = [
      of(`serial ${BRAND}/${MODEL}/lab-1`),
      `in production by serial ${BRAND}/${MODEL}/lab-1 of ${position}`,
    ];
    expect(stamps.seen).toEqual([
      `offered 2 ${before}`,
      `completed 2 ${before}`,
      `offered 1 ${after}`,
      `completed 1 ${after}`,
    ]);
    const restored = await site.members(MEMBERS, LISTS);
    await proxy.events.until(`members of ${restored.position}`);
  });
});

describe('a change of members', () => {
  it('moves devices, and is kept for a restart without a database', async () => {
    const device = await deviceOf('lab-1');
    const { position } = await site.members({ production: [serial('lab-1')] });
    await proxy.events.until(`members of ${position}`);
    expect(await revisionOf(device)).toBe(1);
    expect(await revisionOf(await deviceOf('lab-5'))).toBeUndefined();
    await proxy.stop();
    await site.database.shut();
    proxy = await site.proxy('cache-members', upstream.url);
    expect(await revisionOf(await deviceOf('lab-1'))).toBe(1);
    expect(await revisionOf(await deviceOf('lab-5'))).toBeUndefined();
    await site.database.reopen();
  });

  it('to a ring whose policy is not here yet serves its devices nothing, and the others as before', async () => {
    const { position } = await site.members({ later: [serial('lab-1')] });
    await proxy.events.until(`members of ${position}`);
    const response = await (
      await deviceOf('lab-1')
    ).post({
      context: [],
      actions: [{ action: 'install', 'instance-key': 'a', name: 'lab-hello', epoch: null }],
      fields: ['revision'],
    });
    expect(response.status).toBe(503);
    expect(await revisionOf(await deviceOf('lab-5'))).toBeUndefined();
  });
});

/** Whatever the database says of who is in which ring: a proxy serves by what it last verified, or nobody. */
describe('the document of who is in which ring', () => {
  const asked = { context: [], actions: [], fields: ['revision'] };
  const status = async (device: Device) => (await device.post(asked)).status;
  let older: MembershipDocument;
  let cache = 0;
  beforeEach(async () => {
    older = await site.members({ pilot: [serial('lab-1')] });
    const { position } = await site.members({ production: [serial('lab-1')] });
    proxy = await site.proxy(`cache-lost-${++cache}`, upstream.url, { ring: 'pilot' });
    for (const event of ['obeyed 2', 'obeyed 3 of production', `members of ${position}`])
      await proxy.events.until(event);
  });
  afterEach(() => proxy.stop());

  const deleted = async () => {
    await site.rows.query(
      `delete from read.policy_document_v1 where ring = '*'; notify holdfast_policy, '*'`,
    );
  };
  const lost: readonly (readonly [what: string, code: string, how: () => Promise<void>])[] = [
    ['was deleted', 'policy-missing', deleted],
    ['was altered', 'policy-bad-signature', () => site.write(Buffer.from('{"v":1}'), 'no note', '99', '*')],
  ];
  const rolledBack = () =>
    site.write(membershipBytes(older), signNote(membershipNoteText(older), [policyKey]), older.position, '*');

  it.each([...lost, ['is an older one', 'policy-rolled-back', rolledBack] as const])(
    'that %s in the database changes nothing, also for a proxy that starts again with its cache',
    async (_, code, how) => {
      await how();
      await proxy.events.until(`refused ${code}`);
      expect(await revisionOf(await deviceOf('lab-1', proxy))).toBe(1);
      await proxy.stop();
      proxy = await site.proxy(`cache-lost-${cache}`, upstream.url, { ring: 'pilot' });
      await proxy.events.until(`refused ${code}`);
      expect(await revisionOf(await deviceOf('lab-1', proxy))).toBe(1);
      expect(await revisionOf(await deviceOf('lab-5', proxy))).toBe(2);
    },
  );

  it.each(lost)(
    'that %s closes a proxy that never saw one, until one comes that it may obey',
    async (_, code, how) => {
      await how();
      await proxy.stop();
      proxy = await site.proxy(`cache-lost-${++cache}`, upstream.url, { ring: 'pilot' });
      await proxy.events.until(`refused ${code}`);
      // The policy of its own ring has been taken.
      await proxy.events.until('unanswerable 0');
      expect(await status(new Device(proxy.url))).toBe(503);
      expect(await status(await deviceOf('lab-1', proxy))).toBe(503);
      expect(proxy.made.obedience.ring).toBeUndefined();
      expect(proxy.events.seen).not.toContain('obeyed 2');
      const { position } = await site.members({ production: [serial('lab-1')] });
      for (const event of ['obeyed 2', `members of ${position}`]) await proxy.events.until(event);
      expect(await revisionOf(await deviceOf('lab-1', proxy))).toBe(1);
      expect(await revisionOf(await deviceOf('lab-5', proxy))).toBe(2);
    },
  );

  it('that is an older one is obeyed by a proxy that never saw a later one, until the projector has written that again', async () => {
    await rolledBack();
    await proxy.stop();
    proxy = await site.proxy(`cache-lost-${++cache}`, upstream.url, { ring: 'pilot' });
    await proxy.events.until(`members of ${older.position}`);
    expect(await revisionOf(await deviceOf('lab-1', proxy))).toBe(2);
    const { position } = await site.members({ production: [serial('lab-1')] });
    await proxy.events.until(`members of ${position}`);
    expect(await revisionOf(await deviceOf('lab-1', proxy))).toBe(1);
  });

  it('that is missing beside a policy on its disk, with no database, closes it', async () => {
    await proxy.stop();
    await rm(join(site.folder, `cache-lost-${cache}`, 'policy', 'membership.v1.json'));
    await site.database.shut();
    proxy = await site.proxy(`cache-lost-${cache}`, upstream.url, { ring: 'pilot' });
    expect(await status(new Device(proxy.url))).toBe(503);
    await site.database.reopen();
    await proxy.events.until('obeyed 2');
    expect(await revisionOf(await deviceOf('lab-5', proxy))).toBe(2);
  });
});
