import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PositionedEvent } from '#platform/projection';
import { FilledReadModels } from '#test/support/filled-read-models';
import { catalogProjections } from '#catalog/projections';
import type { DeviceMark, Installed, StillInstalled } from '../../domain/deliveries/record.js';
import { ShowInstalled, ShowInstalledHandler } from '../../queries/show-installed/query.js';
import { recordedEvent } from '../../testing/recorded-event.js';
import { installedProjection } from './projection.js';

let filled: FilledReadModels;

beforeAll(async () => {
  filled = await FilledReadModels.of(installedProjection, catalogProjections());
});
afterAll(() => filled?.close());
beforeEach(() => filled.empty());

const mark = (serial: string, proof: DeviceMark['proof'] = 'store'): DeviceMark => ({
  brand: 'lab',
  model: 'box',
  serial,
  proof,
});
const at = (minute: number) => `2026-11-26T12:${String(minute).padStart(2, '0')}:00.000Z`;
const installed = (
  minute: number,
  serial: string | null,
  revision: number,
  more: Partial<Installed> = {},
): Installed => ({
  at: at(minute),
  what: 'installed',
  device: serial === null ? null : mark(serial),
  architecture: 'amd64',
  report: String(revision).padStart(64, '0'),
  snaps: [{ snapId: 'id-1', instance: null, revision, channel: 'latest/stable', cohort: false }],
  left: 0,
  position: String(minute),
  ...more,
});
const still = (minute: number, serial: string, revision: number): StillInstalled => ({
  at: at(minute),
  what: 'still-installed',
  device: mark(serial),
  report: String(revision).padStart(64, '0'),
  position: String(minute),
});
const project = (...events: PositionedEvent[]) => filled.project(...events);
const ask = (serial: string, more = {}) =>
  new ShowInstalledHandler(filled.readModels).execute(new ShowInstalled({ serial, ...more }));

describe('what a device has', () => {
  it('is what it last said, to whichever proxy', async () => {
    await project(
      recordedEvent('dmz-1', installed(1, '1', 7), installed(5, '1', 8)),
      recordedEvent('dmz-2', installed(3, '1', 9), installed(4, '2', 7)),
    );
    expect(await ask('1')).toEqual([
      {
        device: mark('1'),
        architecture: 'amd64',
        node: 'dmz-1',
        since: at(5),
        saidAt: at(5),
        recordedAt: '2026-11-26T13:00:00.000Z',
        position: '5',
        member: null,
        leftOut: 0,
        snaps: [
          {
            snapId: 'id-1',
            name: null,
            instance: null,
            revision: 8,
            channel: 'latest/stable',
            cohort: false,
          },
        ],
      },
    ]);
    expect(await ask('1', { brand: 'lab', model: 'other' })).toEqual([]);
  });

  it('is confirmed by the report that it is, and by no other', async () => {
    await project(recordedEvent('dmz-1', installed(1, '1', 7)), recordedEvent('dmz-2', installed(3, '1', 9)));
    await project(recordedEvent('dmz-1', still(6, '1', 8)));
    expect(await ask('1')).toMatchObject([{ node: 'dmz-2', saidAt: at(3) }]);
    await project(recordedEvent('dmz-1', still(6, '1', 7)));
    expect(await ask('1')).toMatchObject([
      { node: 'dmz-1', since: at(1), saidAt: at(6), position: '6', snaps: [{ revision: 7 }] },
    ]);
  });

  it('is by the order of its proxy, whatever that one’s clock says, and no clock ahead outranks what comes later', async () => {
    await project(recordedEvent('dmz-1', installed(30, '1', 7), installed(2, '1', 8)));
    expect(await ask('1')).toMatchObject([{ saidAt: at(2), snaps: [{ revision: 8 }] }]);
    const ahead = '2099-01-01T00:00:00.000Z';
    await project(recordedEvent('dmz-1', installed(3, '1', 9, { at: ahead })));
    expect(await ask('1')).toMatchObject([{ saidAt: '2026-11-26T13:00:00.000Z' }]);
  });

  it('names nobody without a session', async () => {
    await project(
      recordedEvent('dmz-1', installed(1, null, 7), installed(2, null, 8), installed(3, null, 8)),
    );
    expect(await ask('')).toEqual([]);
    expect((await filled.projector.query('select 1 from read_blue.installed_v3')).rowCount).toBe(2);
  });
});

describe('one serial on two devices', () => {
  it('is two lines where one of them showed only a key: neither takes the place of the other', async () => {
    const byKey = { device: mark('1', 'key') };
    await project(recordedEvent('dmz-1', installed(1, '1', 7), installed(5, '1', 9, byKey)));
    await project(recordedEvent('dmz-1', { ...still(6, '1', 7), ...byKey }));
    expect(await ask('1')).toMatchObject([
      { device: mark('1'), saidAt: at(1), snaps: [{ revision: 7 }] },
      { device: mark('1', 'key'), saidAt: at(5), snaps: [{ revision: 9 }] },
    ]);
    await project(recordedEvent('dmz-1', still(8, '1', 7)));
    expect(await ask('1')).toMatchObject([{ saidAt: at(8) }, { saidAt: at(5) }]);
  });

  it('is one line of those that showed keys, as one of them said last', async () => {
    const byKey = { device: mark('1', 'key') };
    await project(recordedEvent('dmz-1', installed(1, '1', 7, byKey), installed(2, '1', 8, byKey)));
    expect(await ask('1')).toMatchObject([{ device: mark('1', 'key'), snaps: [{ revision: 8 }] }]);
  });

  it('is one line of those that the store has accepted, as one of them said last', async () => {
    await project(recordedEvent('dmz-1', installed(1, '1', 7), installed(2, '1', 8)));
    await project(recordedEvent('dmz-2', installed(3, '1', 7)));
    expect(await ask('1')).toMatchObject([{ node: 'dmz-2', snaps: [{ revision: 7 }] }]);
  });
});

it('has the same rows whichever events come together', async () => {
  const records = [
    installed(1, '1', 7),
    still(2, '1', 7),
    installed(3, '1', 7),
    still(4, '1', 7),
    still(5, '1', 8),
    installed(6, '2', 8),
    installed(7, '2', 7),
    still(8, '2', 7),
    installed(9, null, 7),
    installed(10, null, 7),
    installed(11, '2', 9, { device: mark('2', 'key') }),
    { ...still(12, '2', 9), device: mark('2', 'key') },
    { ...still(13, '2', 9), device: mark('2', 'key') },
  ];
  const rows = async () =>
    (await filled.projector.query('select * from read_blue.installed_v3 order by serial, proof'))
      .rows as unknown[];
  await project(recordedEvent('dmz-1', ...records));
  const together = await rows();
  await filled.empty();
  for (const record of records) await project(recordedEvent('dmz-1', record));
  expect(await rows()).toEqual(together);
  expect(together).toHaveLength(4);
});
