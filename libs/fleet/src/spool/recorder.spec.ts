import { beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryRecord, DeviceMark } from '../domain/deliveries/record.js';
import { readRecord } from '../read-record.js';
import { MessageReader } from '../message-reader.js';
import { DeliveryRecorder } from './recorder.js';

let records: DeliveryRecord[];
let now: number;
let recorder: DeliveryRecorder;
beforeEach(() => {
  records = [];
  now = Date.parse('2026-11-26T12:10:00.000Z');
  recorder = new DeliveryRecorder(
    (record) => records.push(record),
    () => now,
  );
});

const device = (serial: string, proof: DeviceMark['proof'] = 'store'): DeviceMark => ({
  brand: 'lab',
  model: 'box',
  serial,
  proof,
});
const offer = { snapId: 'id', name: 'lab-hello', revision: 7, channel: 'latest/stable' };
const nextHour = (): void => {
  now += 3_600_000;
  recorder.enter();
};

describe('offers', () => {
  it('are recorded once an hour for each device, revision and channel', () => {
    recorder.offered(device('1'), '41', [offer, offer]);
    recorder.offered(device('1'), '42', [offer]);
    expect(records).toEqual([
      { at: '2026-11-26T12:10:00.000Z', what: 'offered', device: device('1'), position: '41', ...offer },
    ]);
    recorder.offered(device('2'), '42', [offer]);
    recorder.offered(null, '42', [offer]);
    recorder.offered(null, '42', [offer]);
    recorder.offered(device('1'), '42', [{ ...offer, revision: 8 }]);
    expect(records).toHaveLength(4);
    nextHour();
    recorder.offered(device('1'), '42', [offer]);
    expect(records).toHaveLength(5);
  });

  it('name no more made-up identities than a thousand an hour', () => {
    for (let i = 0; i < 1_500; i++) recorder.offered(device(`made-up-${i}`, 'key'), '41', [offer]);
    expect(records.filter((each) => 'device' in each && each.device !== null)).toHaveLength(1_000);
    expect(records).toHaveLength(1_001);
  });
});

it('records every download that ended', () => {
  const ended = { snapId: 'id', name: 'lab-hello', revision: 7 };
  recorder.downloadEnded(device('1'), '41', { ...ended, outcome: 'completed' });
  recorder.downloadEnded(null, '41', { ...ended, snapId: null, outcome: 'broken-off' });
  expect(records).toMatchObject([
    { what: 'completed', device: device('1'), ...ended, position: '41' },
    { what: 'broken-off', device: null, snapId: null },
  ]);
});

describe('refusals', () => {
  it('are counted for each subject, reason and hour', () => {
    for (let i = 0; i < 1_000; i++) recorder.refused('id', 'denied', '41');
    recorder.refused('id', 'not-approved', '42');
    expect(records).toEqual([]);
    nextHour();
    const at = '2026-11-26T12:00:00.000Z';
    expect(records).toEqual([
      { at, what: 'refused', subject: 'id', reason: 'denied', position: '41', count: 1_000 },
      { at, what: 'refused', subject: 'id', reason: 'not-approved', position: '42', count: 1 },
    ]);
    nextHour();
    expect(records).toHaveLength(2);
  });

  it('of more subjects than can be told apart are counted together', () => {
    for (let i = 0; i < 6_000; i++) recorder.refused(`id-${i}`, 'denied', '41');
    recorder.settle();
    expect(records).toHaveLength(5_001);
    expect(records.at(-1)).toMatchObject({ subject: 'others', reason: 'denied', count: 1_000 });
  });
});

it('writes nothing that control would refuse, whatever a device calls itself', () => {
  for (const odd of ['', 'ä\n\u0000', 'x'.repeat(10_000), '\ud800']) {
    recorder.offered({ ...device(odd), brand: odd, model: odd }, '41', [
      { ...offer, name: odd, channel: odd, snapId: odd },
    ]);
    recorder.refused(odd, 'denied', '41');
  }
  recorder.settle();
  expect(records.map((record) => readRecord(MessageReader.of(record, '')))).toEqual(records);
});

describe('the rule that a device is in its ring by', () => {
  const member = { ring: 'pilot', rule: 'serial lab/box/1', position: '40' };
  const elsewhere = { ring: 'production', rule: 'model lab/box', position: '44' };
  const said = {
    architecture: 'amd64',
    snaps: [{ snapId: 'id', instance: null, revision: 7, channel: 'latest/stable', cohort: false }],
  };

  it('stands in each record of it, in the form that control reads, and in none where no rule says so', () => {
    recorder.offered(device('1'), '41', [offer], member);
    recorder.installed(device('1'), '41', said, member);
    recorder.downloadEnded(
      device('1'),
      '41',
      { snapId: 'id', name: 'lab-hello', revision: 7, outcome: 'completed' },
      member,
    );
    recorder.refused('id', 'denied', '41', member);
    nextHour();
    expect(records.map(({ what }) => what)).toEqual(['offered', 'installed', 'completed', 'refused']);
    for (const record of records) {
      expect(record).toMatchObject({ member });
      expect(readRecord(MessageReader.of(record, ''))).toEqual(record);
    }
    records = [];
    recorder.offered(device('2'), '41', [offer]);
    recorder.refused('id', 'denied', '41');
    nextHour();
    for (const record of records) expect(record).not.toHaveProperty('member');
  });

  it('is recorded anew once it is another one', () => {
    for (const by of [member, member, elsewhere, elsewhere]) {
      recorder.offered(device('1'), '41', [offer], by);
      recorder.installed(device('1'), '41', said, by);
      recorder.refused('id', 'denied', '41', by);
    }
    nextHour();
    expect(records.filter(({ what }) => what === 'offered')).toMatchObject([
      { member },
      { member: elsewhere },
    ]);
    expect(records.filter(({ what }) => what.endsWith('installed'))).toMatchObject([
      { what: 'installed', member },
      { what: 'still-installed', member: elsewhere },
    ]);
    expect(records.filter(({ what }) => what === 'refused')).toMatchObject([
      { member, count: 2 },
      { member: elsewhere, count: 2 },
    ]);
  });
});
