import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { NEEDED_FIELDS } from '#serving/answer/refresh-results';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { Device, installed, LAB_HELLO, LAB_TOOL, refresh } from './testing/device.js';
import { ProxySite } from './testing/proxy-site.js';

const SETS = [['16', 'acct', 'set', '1']];

let site: ProxySite;
let upstream: FixtureServer;
let device: Device;
/** The questions that upstream was asked. */
let heard: JsonObject[] = [];

beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer((request, response) => {
    void json(request).then((body) => {
      heard.push(body as JsonObject);
      response.end(JSON.stringify({ results: [] }));
    });
  });
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  const proxy = await site.proxy('cache', upstream.url);
  await proxy.events.until('obeyed 1');
  device = new Device(proxy.url);
});
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await site.close();
});
beforeEach(() => {
  heard = [];
});

describe('of what is not held upstream hears what the device said', () => {
  const context = [
    installed(LAB_HELLO, 1),
    installed(LAB_TOOL, 3, {
      'cohort-key': 'a cohort',
      'ignore-validation': true,
      'validation-sets': SETS,
      held: { by: ['other-snap'] },
      'refreshed-date': '2026-11-27T05:00:00Z',
    }),
  ];
  const tool = refresh(LAB_TOOL, {
    channel: '2.0/beta',
    'cohort-key': 'a cohort',
    'ignore-validation': true,
    'validation-sets': SETS,
  });
  const multi = {
    action: 'install',
    'instance-key': 'install-1',
    name: 'lab-multi',
    revision: 12,
    epoch: { read: [0, 1], write: [1] },
    'validation-sets': SETS,
    'a-newer-member': { of: 'snapd' },
  };

  it('each action as it is, and the context, and no action of what is held', async () => {
    const fields = ['name', 'revision', 'download'];
    const body = { context, actions: [refresh(LAB_HELLO), tool, multi], fields };
    expect((await device.post(body)).status).toBe(200);
    const upstreamFields = [...new Set([...fields, ...NEEDED_FIELDS])];
    expect(heard).toEqual([{ context, actions: [tool, multi], fields: upstreamFields }]);
  });

  it('of a group of assertions those that the ring does not say', async () => {
    const account = { type: 'account', 'primary-key': ['acme'], 'if-newer-than': 3 };
    const set = {
      type: 'validation-set',
      'sequence-key': ['16', 'acme', 'set'],
      'if-sequence-equal-or-newer-than': 2,
    };
    const held = { type: 'snap-declaration', 'primary-key': ['16', LAB_HELLO] };
    const group = { action: 'fetch-assertions', key: 'AAAB' };
    const formats = { 'snap-declaration': 6 };
    const asked = {
      context: [],
      actions: [{ ...group, assertions: [account, held, set] }],
      'assertion-max-formats': formats,
    };
    expect((await device.post(asked)).status).toBe(200);
    expect(heard).toEqual([
      { context: [], actions: [{ ...group, assertions: [account, set] }], 'assertion-max-formats': formats },
    ]);
  });
});

describe('a hold has the last word, and upstream hears nothing', () => {
  it.each<[string, JsonObject]>([
    ['a cohort', { 'cohort-key': 'a cohort' }],
    ['no validation', { 'ignore-validation': true }],
    ['a validation set', { 'validation-sets': SETS }],
    ['a validation set, and the revision that is held', { 'validation-sets': SETS, revision: 2 }],
  ])('over %s', async (_, more) => {
    const context = [installed(LAB_HELLO, 1, more)];
    const [answer] = await device.results(
      [refresh(LAB_HELLO, { channel: 'latest/stable', ...more })],
      context,
    );
    expect(answer).toMatchObject({ result: 'refresh', snap: { revision: 2 } });
    expect(heard).toEqual([]);
  });

  it('over a validation set that wants another revision: that is not to be had', async () => {
    const wanted = refresh(LAB_HELLO, { channel: 'latest/stable', 'validation-sets': SETS, revision: 1 });
    const [answer] = await device.results([wanted], [installed(LAB_HELLO, 2)]);
    expect(answer).toMatchObject({ result: 'error', error: { code: 'revision-not-found' } });
    expect(heard).toEqual([]);
  });
});
