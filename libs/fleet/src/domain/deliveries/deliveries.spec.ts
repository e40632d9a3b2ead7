import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { deliveries, NO_BATCH, type DeliveriesRecorded, type RecordBatch } from './deliveries.js';
import type { DeliveryRecord } from './record.js';

const { given } = specify(deliveries);
const record: DeliveryRecord = {
  at: '2026-11-22T12:00:00.000Z',
  what: 'dropped',
  until: '2026-11-22T12:01:00.000Z',
  count: 1,
};
const head = (batch: number, digest: string, previous: string) => ({
  node: 'dmz-1',
  batch: String(batch),
  previous,
  digest,
  signature: 's',
  at: '2026-11-22T12:02:00.000Z',
});
const came = (
  batch: number,
  digest: string,
  previous: string,
  before: string | null = NO_BATCH,
): RecordBatch => ({
  type: 'RecordBatch',
  head: head(batch, digest, previous),
  parts: [[record], [record, record]],
  before,
  context: byWorker('node/dmz-1'),
});
const recorded = (batch: number, digest: string, previous: string): DeliveriesRecorded[] =>
  [[record], [record, record]].map((records) => ({
    type: 'DeliveriesRecorded',
    data: { ...head(batch, digest, previous), records },
  }));

describe("a node's batches", () => {
  it('are recorded in order, each after the one before', () => {
    given()
      .when(came(1, 'a', NO_BATCH))
      .then(...recorded(1, 'a', NO_BATCH));
    given(...recorded(1, 'a', NO_BATCH))
      .when(came(2, 'b', 'a'))
      .then(...recorded(2, 'b', 'a'));
  });
  it('are recorded once', () => {
    given(...recorded(1, 'a', NO_BATCH))
      .when(came(1, 'a', NO_BATCH))
      .thenNothing();
    given(...recorded(1, 'a', NO_BATCH), ...recorded(2, 'b', 'a'))
      .when(came(1, 'a', NO_BATCH))
      .thenNothing();
  });
  it('have no gap', () => {
    given()
      .when(came(2, 'b', 'a'))
      .thenRefused('batch-out-of-order');
    given(...recorded(1, 'a', NO_BATCH))
      .when(came(3, 'c', 'b'))
      .thenRefused('batch-out-of-order');
    given()
      .when(came(101, 'b', 'a', null))
      .thenRefused('batch-out-of-order');
    given()
      .when(came(150, 'b', 'a', 'a'))
      .thenRefused('batch-out-of-order');
  });
  it('have one history', () => {
    given(...recorded(1, 'a', NO_BATCH))
      .when(came(1, 'z', NO_BATCH))
      .thenRefused('batch-forked');
    given(...recorded(1, 'a', NO_BATCH))
      .when(came(2, 'b', 'z'))
      .thenRefused('batch-forked');
    given()
      .when(came(1, 'a', 'f'))
      .thenRefused('batch-forked');
  });
  it('go on in the next stream', () => {
    given()
      .when(came(101, 'b', 'a', 'a'))
      .then(...recorded(101, 'b', 'a'));
    given()
      .when(came(101, 'b', 'z', 'a'))
      .thenRefused('batch-forked');
  });
});
