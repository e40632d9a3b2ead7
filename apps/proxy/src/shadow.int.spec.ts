import { once } from 'node:events';
import { request as ask } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionRequest } from './testing/device-with-serial.js';
import { Device, installed, LAB_HELLO, LAB_TOOL, refresh } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';
import { StandInIncumbent, type Answers } from './testing/stand-in-incumbent.js';

let site: ProxySite;
let incumbent: StandInIncumbent;
let shadow: RunningProxy;
let device: Device;

/** A store proxy without overrides. */
const relaying: Answers = (request, response) => {
  const { hostname, port } = new URL(site.store.url);
  const { url: path, method, headers } = request;
  const onwards = ask({ hostname, port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onwards);
};

/** Holds what the incumbent does not: lab-hello at revision 1. lab-tool is upstream's business in both. */
beforeAll(async () => {
  site = await ProxySite.start();
  site.store.release('lab-hello', 'stable', 2);
  await site.hold(...(await site.capture('lab-hello', 'stable', 1)));
  incumbent = await StandInIncumbent.start();
  shadow = await site.proxy('cache', site.upstream.url, { shadowOf: incumbent.url });
  await shadow.events.until('obeyed 1');
  device = new Device(shadow.url);
});
afterAll(async () => {
  await site.close();
  await incumbent.close();
});
beforeEach(() => {
  incumbent.answers = relaying;
  shadow.compared.all.length = 0;
});

const differs = (...differences: readonly object[]) => ({ kind: 'differs', differences });

describe('a shadow', () => {
  it('finds what both say alike, and what an override makes different; the device gets the incumbent’s', async () => {
    expect((await device.install('lab-tool')).snap?.revision).toBe(3);
    expect(await shadow.compared.next()).toEqual({
      endpoint: 'refresh',
      outcome: { kind: 'equal' },
      device: null,
    });
    const [hello] = await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, 7)]);
    expect(hello?.snap?.revision).toBe(2);
    expect(hello?.snap?.download.url).toContain('/api/v1/snaps/download/');
    expect((await shadow.compared.next()).outcome).toEqual(
      differs({
        endpoint: 'refresh',
        snapId: LAB_HELLO,
        name: 'lab-hello',
        where: 'latest/stable amd64',
        incumbent: expect.stringMatching(/^revision 2/) as string,
        ours: expect.stringMatching(/^revision 1/) as string,
        why: 'held',
      }),
    );
    expect(shadow.events.delivered).toEqual([]);
  });

  it('compares info, find and assertions', async () => {
    await (await device.info('lab-hello')).text();
    expect((await shadow.compared.next('info')).outcome).toMatchObject(
      differs({ name: 'lab-hello', where: 'latest/stable amd64', why: 'held' }),
    );
    await (await device.assertion(`snap-declaration/16/${LAB_TOOL}`)).text();
    expect((await shadow.compared.next('assertion')).outcome).toEqual({ kind: 'equal' });
    await (await fetch(`${shadow.url}/v2/snaps/find?q=tool&architecture=amd64`)).text();
    expect((await shadow.compared.next('find')).outcome).toEqual({ kind: 'equal' });
    await fetch(`${shadow.url}/api/v1/snaps/names`);
    expect((await shadow.compared.next('other')).outcome).toEqual({
      kind: 'not-compared',
      reason: 'not-comparable',
    });
  });

  it('says what is denied here, and what the incumbent holds and we do not', async () => {
    const before = site.position;
    const tool = { format: 'snap', subject: LAB_TOOL, name: 'lab-tool' };
    await site.decide('open', [], { denied: [tool], allowed: [], blocked: [] });
    await shadow.events.until(`obeyed ${before + 1}`);
    await device.install('lab-tool');
    expect((await shadow.compared.next()).outcome).toMatchObject(
      differs({ name: 'lab-tool', ours: 'error name-not-found', why: 'denied' }),
    );
    expect(shadow.events.seen.filter((event) => event.startsWith('denied'))).toEqual([]);
    const overridden = {
      result: 'install',
      'instance-key': 'install-1',
      name: 'lab-hello',
      snap: { revision: 1 },
    };
    incumbent.answers = (_, response) =>
      void response.end(gzipSync(JSON.stringify({ results: [overridden] })));
    const zipped = incumbent.answers;
    incumbent.answers = (request, response) => {
      response.setHeader('content-encoding', 'gzip');
      zipped(request, response);
    };
    await device.install('lab-hello');
    expect((await shadow.compared.next()).outcome).toMatchObject(
      differs({ snapId: LAB_HELLO, incumbent: 'revision 1', ours: 'revision 2', why: 'not-held' }),
    );
  });

  it('tells a device by the session that it saw being opened, and asks upstream with it', async () => {
    incumbent.answers = (_, response) => void response.end('{"macaroon":"of-the-store"}');
    const body = JSON.stringify(sessionRequest('any'));
    await fetch(`${shadow.url}/api/v1/snaps/auth/sessions`, { method: 'POST', body });
    incumbent.answers = relaying;
    const authorization = { 'snap-device-authorization': 'Macaroon root="of-the-store"' };
    const action = { action: 'install', 'instance-key': 'i', name: 'lab-hello', epoch: null };
    await (await device.post({ context: [], actions: [action], fields: ['revision'] }, authorization)).text();
    expect((await shadow.compared.next('refresh')).device).toEqual({
      brand: 'labdevlabdevlabdevlabdevlabdev00',
      model: 'lab-classic',
      serial: 'lab-1',
      proof: 'store',
    });
  });
});

describe('an incumbent', () => {
  it.each([
    ['incumbent-unreadable', (_, response) => void response.end('<html>maintenance</html>')],
    ['incumbent-too-long', (_, response) => void response.end(Buffer.alloc(3 * 1024 * 1024, ' '))],
    ['incumbent-failed', (_, response) => void response.writeHead(503).end()],
    ['session', (_, response) => void response.writeHead(401).end()],
    ['incumbent-failed', (_, response) => void response.socket?.destroy()],
  ] satisfies [string, Answers][])(
    'is not compared, %s, and its answer is passed on',
    async (reason, answers) => {
      incumbent.answers = answers;
      const answer = await device.info('lab-tool');
      await answer.arrayBuffer();
      expect((await shadow.compared.next()).outcome).toEqual({ kind: 'not-compared', reason });
    },
  );
});

it('delays no device when our own answer does not come, and counts what is too much', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const hanging = await site.proxy('cache-hanging', url, { shadowOf: incumbent.url });
  await hanging.events.until(`obeyed ${site.position}`);
  const asking = new Device(hanging.url);
  const answers = await Promise.all(Array.from({ length: 17 }, () => asking.install('lab-tool')));
  expect(answers.map(({ snap }) => snap?.revision)).toEqual(answers.map(() => 3));
  expect((await hanging.compared.next()).outcome).toEqual({ kind: 'not-compared', reason: 'busy' });
  silent.close();
  await hanging.stop();
});
