import { beforeEach, expect, it } from 'vitest';
import type { DeliveryRecord, DeviceMark } from '../domain/deliveries/record.js';
import { MessageReader } from '../message-reader.js';
import { readRecord } from '../read-record.js';
import { ComparisonRecorder } from './comparison-recorder.js';

let records: DeliveryRecord[];
let now: number;
let recorder: ComparisonRecorder;
beforeEach(() => {
  records = [];
  now = Date.parse('2026-11-26T12:00:00.000Z');
  recorder = new ComparisonRecorder(
    (record) => records.push(record),
    () => now,
  );
});
const device = (serial: string): DeviceMark => ({ brand: 'lab', model: 'box', serial, proof: 'store' });
const difference = {
  endpoint: 'refresh',
  snapId: 'id',
  name: 'lab-hello',
  where: 'stable amd64',
  incumbent: 'revision 2',
  ours: 'revision 1',
  why: 'held',
};
const later = (seconds: number): void => {
  now += seconds * 1000;
  recorder.enter();
};

it('counts what is alike, and records it after a while', () => {
  for (let i = 0; i < 3; i++) recorder.compared('refresh', 'equal');
  later(10);
  recorder.compared('refresh', 'equal');
  recorder.differed(device('1'), '41', difference);
  recorder.differed(device('1'), '42', difference);
  recorder.differed(null, '42', { ...difference, where: '', snapId: undefined });
  expect(records).toEqual([]);
  later(5);
  const [at, until] = ['2026-11-26T12:00:00.000Z', '2026-11-26T12:00:10.000Z'];
  const { where: place, ...said } = difference;
  expect(records).toEqual([
    { at, until, what: 'compared', endpoint: 'refresh', outcome: 'equal', count: 4 },
    { ...said, at: until, until, what: 'differed', place, device: device('1'), position: '42', count: 2 },
    {
      ...said,
      at: until,
      until,
      what: 'differed',
      place: null,
      snapId: null,
      device: null,
      position: '42',
      count: 1,
    },
  ]);
  later(60);
  expect(records).toHaveLength(3);
});

it('loses no count of a flood', () => {
  for (let i = 0; i < 8_000; i++)
    recorder.differed(device(String(i)), '1', { ...difference, name: String(i) });
  recorder.settle();
  expect(records.filter((record) => 'device' in record && record.device !== null)).toHaveLength(5_000);
  expect(records).toHaveLength(6_001);
  expect(records.at(-1)).toMatchObject({ name: 'others', count: 2_000 });
});

it('writes nothing that control would refuse, whatever both sides say', () => {
  for (const odd of ['', 'ä\n\u0000', 'x'.repeat(10_000), '\ud800']) {
    recorder.compared(odd, odd);
    recorder.differed({ ...device(odd), brand: odd }, '1', {
      endpoint: odd,
      snapId: odd,
      name: odd,
      where: odd,
      incumbent: odd,
      ours: odd,
      why: odd,
    });
  }
  recorder.settle();
  expect(records.map((record) => readRecord(MessageReader.of(record, '')))).toEqual(records);
});
