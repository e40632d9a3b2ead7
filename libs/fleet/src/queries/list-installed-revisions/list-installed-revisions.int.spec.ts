import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { FilledReadModels } from '#test/support/filled-read-models';
import type { Installed } from '../../domain/deliveries/record.js';
import { HeartbeatStore } from '../../heartbeats/heartbeat-store.js';
import { installedProjection } from '../../projections/installed/projection.js';
import { recordedEvent } from '../../testing/recorded-event.js';
import { countMembers } from '../count-members/query.js';
import { devicesOfRing } from '../devices-of-ring.js';
import { ListInstalledRevisions, ListInstalledRevisionsHandler } from './query.js';

let filled: FilledReadModels;

beforeAll(async () => {
  filled = await FilledReadModels.of(installedProjection, catalogProjections());
  await filled.projector
    .query(`insert into read_blue.upstream_snap_v1 (snap_id, name, revoked, failure_code, failure_message, changed_position, changed_at)
    values ('id1', 'lab-hello', false, null, null, 1, now()), ('id2', null, false, 'assertion-not-found', 'there is none', 1, now()),
      ('id3', 'lab-gone', true, null, null, 1, now())`);
});
afterAll(() => filled?.close());
beforeEach(() => filled.empty());

const at = (minute: number) => `2026-11-26T12:${String(minute).padStart(2, '0')}:00.000Z`;
/** What a device says: ids with revisions. */
function says(minute: number, serial: string | null, has: Record<string, number>, more = {}): Installed {
  return {
    at: at(minute),
    what: 'installed',
    device: serial === null ? null : { brand: 'lab', model: 'box', serial, proof: 'store' },
    architecture: 'amd64',
    report: String(minute).padStart(64, '0'),
    snaps: Object.entries(has).map(([snapId, revision]) => {
      return { snapId, instance: null, revision, channel: 'latest/stable', cohort: false };
    }),
    left: 0,
    position: '1',
    ...more,
  };
}
const project = (node: string, ...records: Installed[]) => filled.project(recordedEvent(node, ...records));
const ask = (since?: string, limit = 100, ring?: string) =>
  new ListInstalledRevisionsHandler(filled.readModels).execute(
    new ListInstalledRevisions(since, limit, ring),
  );
const short = async (since?: string, ring?: string) =>
  (await ask(since, 100, ring)).revisions.map(
    ({ name, snapId, architecture, revision, devices, unidentified }) =>
      `${name ?? snapId} ${architecture} ${revision}: ${devices}+${unidentified}`,
  );

it('counts each device once, by what it last said to whichever proxy, and reports that no store vouches for beside', async () => {
  await project('dmz-1', says(1, '1', { id1: 6 }), says(3, '2', { id1: 7 }), says(4, null, { id1: 7 }));
  await project('dmz-2', says(2, '1', { id1: 7 }), says(4, null, { id1: 7 }), says(5, null, { id1: 8 }));
  await project('dmz-2', says(6, '3', { id1: 9 }, { architecture: 'arm64', left: 2 }));
  expect(await short()).toEqual([
    'lab-hello amd64 7: 2+1',
    'lab-hello amd64 8: 0+1',
    'lab-hello arm64 9: 1+0',
  ]);
  const { revisions, ...counts } = await ask();
  expect(counts).toEqual({ devices: 3, unidentified: 2, leftOut: 2, more: false });
  expect(revisions[0]).toMatchObject({ channel: 'latest/stable', lastSaidAt: at(4), failure: null });
});

it('counts no device that somebody made up while upstream was gone, whatever it shows', async () => {
  const byKey = (serial: string) => ({
    device: { brand: 'lab', model: 'box', serial, proof: 'key' } as const,
  });
  await project('dmz-1', says(1, '1', { id1: 7 }));
  const madeUp = Array.from({ length: 20 }, (_, n) => says(2 + n, null, { id1: 66 }, byKey(`made-up-${n}`)));
  await project('dmz-1', ...madeUp, says(30, '1', { id1: 66 }, byKey('1')));
  await project('dmz-2', says(31, '1', { id1: 66 }, byKey('1')));
  expect(await short()).toEqual(['lab-hello amd64 7: 1+0', 'lab-hello amd64 66: 0+20']);
  expect(await ask()).toMatchObject({ devices: 1, unidentified: 20 });
  // The device itself was not heard of since then: what somebody says under its serial is nobody's.
  expect(await short(at(31))).toEqual(['lab-hello amd64 66: 0+1']);
});

it('counts an instance of a snap with the snap', async () => {
  const two = says(1, '1', { id1: 7 });
  const [snap] = two.snaps;
  if (!snap) throw new Error('it says nothing');
  await project('dmz-1', { ...two, snaps: [snap, { ...snap, instance: 'two' }] });
  expect(await short()).toEqual(['lab-hello amd64 7: 1+0']);
});

it('leaves out whoever was not heard of since then', async () => {
  await project('dmz-1', says(1, '1', { id1: 6 }), says(3, '2', { id1: 7 }), says(2, null, { id1: 5 }));
  expect(await short(at(3))).toEqual(['lab-hello amd64 7: 1+0']);
  expect(await ask(at(4))).toMatchObject({ devices: 0, unidentified: 0, revisions: [] });
});

it('counts the devices of a ring: those whose last report came to a proxy of it', async () => {
  const heartbeats = new HeartbeatStore(filled.controlUrl);
  const heard = (node: string, ring?: string) =>
    heartbeats.take(
      {
        node,
        stamp: 1,
        at: at(1),
        version: '0.1.0',
        ...(ring && { ring }),
        policyPosition: '1',
        backlog: 0,
        backlogSince: null,
      },
      at(1),
    );
  try {
    await heard('dmz-1', 'pilot');
    await heard('dmz-2', 'default');
    await heard('of-an-earlier-release');
  } finally {
    await heartbeats.close();
  }
  await project('dmz-1', says(1, '1', { id1: 6 }), says(3, '2', { id1: 7 }));
  await project('dmz-2', says(2, '1', { id1: 8 }));
  await project('of-an-earlier-release', says(2, '3', { id1: 9 }));
  expect(await short(undefined, 'pilot')).toEqual(['lab-hello amd64 7: 1+0']);
  expect(await short(undefined, 'default')).toEqual(['lab-hello amd64 8: 1+0', 'lab-hello amd64 9: 1+0']);
  expect(await ask(undefined, 100, 'pilot')).toMatchObject({ devices: 1 });
  await project('dmz-1', says(4, '4', { id1: 7, id2: 3 }), says(4, null, { id1: 7 }));
  expect(await devicesOfRing(filled.readModels, 'pilot', ['id1', 'id9'])).toEqual({
    devices: 2,
    unidentified: 1,
    revisions: [{ snapId: 'id1', architecture: 'amd64', revision: 7, devices: 2 }],
  });
  expect(await devicesOfRing(filled.readModels, 'gone', [])).toEqual({
    devices: 0,
    unidentified: 0,
    revisions: [],
  });
});

it('counts the devices of each ring by the rule that their last report is stamped with', async () => {
  const by = (rule: string, ring = 'pilot') => ({ member: { ring, rule, position: '4' } });
  const key = { device: { brand: 'lab', model: 'box', serial: '9', proof: 'key' } as const };
  await project('dmz-9', says(1, '1', { id1: 6 }, by('list lab')), says(2, '2', { id1: 6 }, by('list lab')));
  await project('dmz-9', says(3, '3', { id1: 6 }), says(4, null, { id1: 6 }, { ...key, ...by('list lab') }));
  await project('dmz-9', says(5, '4', { id1: 6 }, by('model lab/box', 'production')));
  // By another rule meanwhile: the last one counts.
  await project('dmz-8', says(6, '2', { id1: 6 }, by('serial lab/box/2')));
  expect(await countMembers(filled.readModels)).toEqual([
    { ring: 'default', rule: null, devices: 1, unidentified: 0, lastSaidAt: at(3) },
    { ring: 'pilot', rule: 'list lab', devices: 1, unidentified: 1, lastSaidAt: at(4) },
    { ring: 'pilot', rule: 'serial lab/box/2', devices: 1, unidentified: 0, lastSaidAt: at(6) },
    { ring: 'production', rule: 'model lab/box', devices: 1, unidentified: 0, lastSaidAt: at(5) },
  ]);
});

it('says what became of asking upstream for the snap', async () => {
  await project('dmz-1', says(1, '1', { id1: 1, id2: 1, id3: 1, id4: 1 }));
  expect((await ask()).revisions).toMatchObject([
    { snapId: 'id2', name: null, failure: 'assertion-not-found: there is none', revoked: false },
    { snapId: 'id4', name: null, failure: null },
    { name: 'lab-gone', revoked: true },
    { name: 'lab-hello', revoked: false },
  ]);
});

it('says when there are more than it lists', async () => {
  await project('dmz-1', says(1, '1', { id1: 1, id2: 1 }));
  expect(await ask(undefined, 1)).toMatchObject({ revisions: [{ snapId: 'id2' }], more: true });
});
