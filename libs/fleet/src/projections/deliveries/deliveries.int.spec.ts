import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { placeIn } from '#platform/http/page';
import type { PositionedEvent } from '#platform/projection';
import { FilledReadModels } from '#test/support/filled-read-models';
import type { DeliveryRecord, DeviceMark } from '../../domain/deliveries/record.js';
import {
  ListDeliveries,
  ListDeliveriesHandler,
  type DeliveryPage,
  type DeliveryFilter,
} from '../../queries/list-deliveries/query.js';
import { recordedEvent } from '../../testing/recorded-event.js';
import { deliveriesProjection } from './projection.js';

let filled: FilledReadModels;

beforeAll(async () => {
  filled = await FilledReadModels.of(deliveriesProjection);
});
afterAll(() => filled?.close());
beforeEach(() => filled.empty());

const mark = (serial: string): DeviceMark => ({ brand: 'lab', model: 'box', serial, proof: 'store' });
const at = (minute: number) => `2026-11-26T12:${String(minute).padStart(2, '0')}:00.000Z`;
const offered = (minute: number, serial: string, revision = 7, more = {}): DeliveryRecord => ({
  at: at(minute),
  what: 'offered',
  device: mark(serial),
  snapId: 'id-1',
  name: 'lab-hello',
  revision,
  channel: 'latest/stable',
  position: String(minute),
  ...more,
});
const ended = (
  minute: number,
  serial: string | null,
  what: 'completed' | 'broken-off',
  revision = 7,
): DeliveryRecord => ({
  at: at(minute),
  what,
  device: serial === null ? null : mark(serial),
  snapId: 'id-1',
  name: 'lab-hello',
  revision,
  position: String(minute),
});

const project = (...events: PositionedEvent[]) => filled.project(...events);
const ask = (filter: Partial<DeliveryFilter>): Promise<DeliveryPage> =>
  new ListDeliveriesHandler(filled.readModels).execute(new ListDeliveries({ limit: 100, ...filter }));

describe('what a device got', () => {
  it('is one line for each revision and proxy, with what came of it', async () => {
    await project(
      recordedEvent(
        'dmz-1',
        offered(1, '1'),
        ended(2, '1', 'broken-off'),
        ended(3, '1', 'completed'),
        offered(4, '1', 8),
      ),
      recordedEvent('dmz-2', offered(5, '1'), offered(6, '2')),
    );
    expect(await ask({ device: { serial: '1' } })).toMatchObject({
      lastSeenAt: at(5),
      next: null,
      deliveries: [
        {
          snap: 'lab-hello',
          snapId: 'id-1',
          revision: 7,
          node: 'dmz-1',
          channel: 'latest/stable',
          offered: 1,
          completed: 1,
          brokenOff: 1,
          firstAt: at(1),
          lastAt: at(3),
          completedAt: at(3),
          position: '3',
          device: mark('1'),
          recordedAt: '2026-11-26T13:00:00.000Z',
        },
        { revision: 7, node: 'dmz-2', offered: 1, completed: 0, completedAt: null },
        { revision: 8, node: 'dmz-1', offered: 1, completed: 0 },
      ],
    });
    expect((await ask({ device: { serial: '1', brand: 'lab', model: 'box' } })).deliveries).toHaveLength(3);
    expect(await ask({ device: { serial: '1', brand: 'other', model: 'box' } })).toEqual({
      deliveries: [],
      lastSeenAt: null,
      next: null,
    });
  });

  it('is asked of nobody by an empty serial', async () => {
    await project(recordedEvent('dmz-1', ended(1, null, 'completed')));
    expect((await ask({ device: { serial: '' } })).deliveries).toEqual([]);
  });
});

describe('the rule that a device was in its ring by', () => {
  it('is shown with what it got: that of the last record, and none where no rule said so', async () => {
    const member = { ring: 'pilot', rule: 'serial lab/box/1', position: '40' };
    const later = { ring: 'production', rule: 'model lab/box', position: '44' };
    await project(recordedEvent('dmz-1', offered(1, '1', 7, { member }), offered(1, '2')));
    expect((await ask({ device: { serial: '1' } })).deliveries).toMatchObject([{ member }]);
    expect((await ask({ device: { serial: '2' } })).deliveries).toMatchObject([{ member: null }]);
    await project(recordedEvent('dmz-1', { ...ended(3, '1', 'completed'), member: later } as DeliveryRecord));
    await project(recordedEvent('dmz-1', offered(2, '1', 7, { member })));
    expect((await ask({ device: { serial: '1' } })).deliveries).toMatchObject([{ member: later }]);
  });
});

describe('one serial on two devices', () => {
  it('is two lines where one of them showed only a key, each with its own counts, and in pages each once', async () => {
    const byKey = { device: { ...mark('1'), proof: 'key' } as const };
    await project(
      recordedEvent('dmz-1', offered(1, '1'), offered(2, '1', 7, byKey), {
        ...ended(3, '1', 'completed'),
        ...byKey,
      }),
    );
    const device = { serial: '1' };
    const byStore = { device: mark('1'), offered: 1, completed: 0 };
    const lines = [{ ...byKey, offered: 1, completed: 1 }, byStore];
    expect((await ask({ device })).deliveries).toMatchObject(lines);
    const first = await ask({ device, limit: 1 });
    const second = await ask({ device, limit: 1, after: placeIn('deliveries', first.next ?? '') });
    expect([...first.deliveries, ...second.deliveries]).toMatchObject(lines);
    expect(second.next).toBeNull();
  });

  it('is one line where the store has accepted both, and the records of both are in it', async () => {
    await project(
      recordedEvent('dmz-1', offered(1, '1'), ended(2, '1', 'completed'), ended(2, '1', 'completed')),
    );
    expect((await ask({ device: { serial: '1' } })).deliveries).toMatchObject([
      { device: mark('1'), offered: 1, completed: 2 },
    ]);
  });
});

describe('who got a revision', () => {
  it('is by the name or the id of the snap, and who showed no session is one', async () => {
    await project(
      recordedEvent(
        'dmz-1',
        offered(1, '1'),
        ended(2, '2', 'completed'),
        ended(3, null, 'completed'),
        offered(4, '3', 8),
      ),
    );
    const { deliveries } = await ask({ snap: 'lab-hello', revision: 7 });
    expect(deliveries.map(({ device, completed }) => [device?.serial ?? null, completed])).toEqual([
      [null, 1],
      ['1', 0],
      ['2', 1],
    ]);
    expect((await ask({ snap: 'id-1', revision: 7 })).deliveries).toEqual(deliveries);
    expect((await ask({ snap: 'lab-hello', revision: 9 })).deliveries).toEqual([]);
  });

  it('is given in pages, each line once', async () => {
    await project(recordedEvent('dmz-1', ...Array.from({ length: 25 }, (_, i) => offered(1, `serial-${i}`))));
    const seen: (string | undefined)[] = [];
    let after: string | undefined;
    do {
      const page: DeliveryPage = await ask({ snap: 'lab-hello', revision: 7, limit: 10, after });
      seen.push(...page.deliveries.map(({ device }) => device?.serial));
      after = page.next === null ? undefined : placeIn('deliveries', page.next);
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    const nonsense = Buffer.from('{"a":1}').toString('base64url');
    expect((await ask({ snap: 'lab-hello', revision: 7, after: nonsense })).deliveries).toHaveLength(25);
  });
});

it('has the same rows whichever events come together', async () => {
  const records = [
    offered(5, '1', 7, { channel: 'latest/edge' }),
    ended(3, '1', 'completed'),
    offered(2, '1'),
    offered(5, '1', 7, { channel: null, member: { ring: 'pilot', rule: 'r', position: '2' } }),
    ended(9, '1', 'broken-off'),
    ended(1, '1', 'completed'),
    offered(4, '1', 7, { channel: 'latest/beta', device: { ...mark('1'), proof: 'key' } }),
  ];
  const rows = async () =>
    (await filled.projector.query('select * from read_blue.delivery_v3 order by proof')).rows as unknown[];
  await project(recordedEvent('dmz-1', ...records));
  const together = await rows();
  await filled.empty();
  for (const record of records) await project(recordedEvent('dmz-1', record));
  expect(await rows()).toEqual(together);
  expect(together).toMatchObject([
    {
      proof: 'key',
      offered: '1',
      completed: '0',
      broken_off: '0',
      channel: 'latest/beta',
      policy_position: '4',
    },
    { proof: 'store', offered: '3', completed: '2', broken_off: '1', channel: null, policy_position: '9' },
  ]);
});
