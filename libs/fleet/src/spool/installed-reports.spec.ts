import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_INSTALLED, type InstalledSnap } from '../domain/deliveries/installed.js';
import type { DeliveryRecord, DeviceMark } from '../domain/deliveries/record.js';
import { MessageReader } from '../message-reader.js';
import { readRecord } from '../read-record.js';
import type { InstalledReport } from './installed-reports.js';
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
const snap = (snapId: string, revision: number, more: Partial<InstalledSnap> = {}): InstalledSnap => ({
  snapId,
  instance: null,
  revision,
  channel: 'latest/stable',
  cohort: false,
  ...more,
});
const says = (...snaps: InstalledSnap[]): InstalledReport => ({ architecture: 'amd64', snaps });
const HOUR = 3_600_000;
const kinds = (): readonly string[] => records.map(({ what }) => what);

describe('what a device has', () => {
  it('is recorded once, whatever order it is said in, and again when it differs', () => {
    recorder.installed(device('1'), '41', says(snap('b', 2), snap('a', 1)));
    expect(records).toEqual([
      {
        at: '2026-11-26T12:10:00.000Z',
        what: 'installed',
        device: device('1'),
        architecture: 'amd64',
        report: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        snaps: [snap('a', 1), snap('b', 2)],
        left: 0,
        position: '41',
      },
    ]);
    recorder.installed(device('1'), '42', says(snap('a', 1), snap('b', 2)));
    expect(records).toHaveLength(1);
    for (const other of [
      says(snap('a', 1), snap('b', 3)),
      says(snap('a', 1), snap('b', 3, { channel: 'latest/edge' })),
      says(snap('a', 1), snap('b', 3, { cohort: true })),
      says(snap('a', 1), snap('b', 3, { instance: 'two' })),
      { ...says(snap('a', 1), snap('b', 3, { instance: 'two' })), architecture: 'arm64' },
    ])
      recorder.installed(device('1'), '42', other);
    expect(records).toHaveLength(6);
    recorder.installed(device('2'), '42', says(snap('a', 1)));
    expect(records).toHaveLength(7);
  });

  it('is told apart by every revision of two snaps', () => {
    for (let i = 1; i <= 40; i++)
      for (let j = 1; j <= 40; j++) recorder.installed(null, '41', says(snap('a', i), snap('b', j)));
    expect(records).toHaveLength(1_600);
  });

  it('is said to be so still, once a day, by its digest alone', () => {
    recorder.installed(device('1'), '41', says(snap('a', 1)));
    now += 23 * HOUR;
    recorder.installed(device('1'), '42', says(snap('a', 1)));
    expect(records).toHaveLength(1);
    now += HOUR;
    for (let i = 0; i < 3; i++) recorder.installed(device('1'), '43', says(snap('a', 1)));
    const [first, ...rest] = records;
    expect(rest).toEqual([
      {
        at: '2026-11-27T12:10:00.000Z',
        what: 'still-installed',
        device: device('1'),
        report: first?.what === 'installed' ? first.report : '',
        position: '43',
      },
    ]);
  });

  it('is nothing where it says nothing', () => {
    recorder.installed(device('1'), '41', says());
    expect(records).toEqual([]);
  });

  it('is recorded of those without a session for each different report, and never as still so', () => {
    for (let day = 0; day < 3; day++, now += 24 * HOUR)
      for (const revision of [1, 2, 1]) recorder.installed(null, '41', says(snap('a', revision)));
    expect(kinds()).toEqual(['installed', 'installed']);
    expect(records.map((record) => 'device' in record && record.device)).toEqual([null, null]);
  });
});

it('is recorded of 600 devices at once, then of two a second, and of those that have to wait when they ask again', () => {
  const ask = () => {
    for (let i = 0; i < 606; i++) recorder.installed(device(`${i}`), '41', says(snap('a', 1)));
  };
  for (const recorded of [600, 602, 604, 606]) {
    ask();
    expect(records).toHaveLength(recorded);
    now += 1_000;
  }
  const named = records.map((record) => ('device' in record ? record.device?.serial : undefined));
  expect(new Set(named).size).toBe(606);
});

describe('a hostile device', () => {
  it('that says something else each time is recorded thirty times an hour, then as it is in the next', () => {
    for (let i = 1; i <= 1_000; i++) recorder.installed(device('1'), '41', says(snap('a', i)));
    expect(records).toHaveLength(30);
    recorder.installed(device('2'), '41', says(snap('a', 1)));
    expect(records).toHaveLength(31);
    now += HOUR;
    recorder.installed(device('1'), '41', says(snap('a', 1_000)));
    expect(records.at(-1)).toMatchObject({ snaps: [snap('a', 1_000)] });
  });

  it('that no store has accepted takes no turn of those that were', () => {
    for (let i = 0; i < 2_000; i++) recorder.installed(null, '41', says(snap('a', i)));
    recorder.installed(device('1'), '41', says(snap('a', 1)));
    expect(records.at(-1)).toMatchObject({ device: device('1') });
  });

  it('that no store has accepted fills no more than a mebibyte an hour, and what was left is counted', () => {
    const many = (i: number) => says(...Array.from({ length: 100 }, (_, j) => snap(`x${j}`, i)));
    for (let i = 0; i < 200; i++) {
      recorder.installed(null, '41', many(i));
      recorder.installed(device(`made-up-${i}`, 'key'), '41', many(i));
    }
    const size = records.reduce((sum, record) => sum + JSON.stringify(record).length, 0);
    expect(size).toBeLessThanOrEqual(1024 * 1024);
    const before = records.length;
    recorder.installed(device('1'), '41', says(snap('a', 1)));
    expect(records).toHaveLength(before + 1);
    now += HOUR;
    recorder.enter();
    expect(records.at(-1)).toMatchObject({
      at: '2026-11-26T12:00:00.000Z',
      what: 'dropped',
      count: 400 - before,
    });
    recorder.installed(null, '41', many(1_000));
    expect(records.at(-1)).toMatchObject({ what: 'installed', device: null });
  });

  it('has nothing written that control would refuse, or that no event could hold', () => {
    const odd = ['', 'ä', 'x'.repeat(10_000), 'a b', '"', '\u0000'];
    const spelled = odd.map((text) => snap(text, 1));
    const tracked = odd.map((text) => snap('a', 1, { channel: text, instance: text }));
    const longest = Array.from({ length: 5_000 }, (_, i) =>
      snap(String(i).padStart(40, '0'), Number.MAX_SAFE_INTEGER, {
        instance: 'i'.repeat(40),
        channel: 'c'.repeat(100),
      }),
    );
    recorder.installed(device('"'.repeat(200)), '41', says(...spelled, ...tracked, ...longest));
    recorder.installed(device('1'), '41', { architecture: 'AMD64', snaps: [snap('a', 1)] });
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({ left: spelled.length + tracked.length + 5_000 - MOST_INSTALLED });
    expect(JSON.stringify(record).length).toBeLessThan(60_000);
    expect(records.map((each) => readRecord(MessageReader.of(each, '')))).toEqual(records);
  });
});

it('forgets the device that it has not heard of for longest, and records it again', () => {
  for (let i = 0; i < 20_000; i++, now += 500) recorder.installed(device(`${i}`), '41', says(snap('a', 1)));
  recorder.installed(device('0'), '41', says(snap('a', 1)));
  recorder.installed(device('one-more'), '41', says(snap('a', 1)));
  const before = records.length;
  recorder.installed(device('0'), '41', says(snap('a', 1)));
  expect(records).toHaveLength(before);
  recorder.installed(device('1'), '41', says(snap('a', 1)));
  expect(records).toHaveLength(before + 1);
});
