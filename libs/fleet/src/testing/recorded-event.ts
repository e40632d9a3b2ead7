import { canonicalBytes, type EventEnvelope, type JsonObject } from '#kernel';
import type { PositionedEvent } from '#platform/projection';
import type { DeliveryRecord } from '../domain/deliveries/record.js';

let position = 0n;

/** One event with what a node recorded, as control has it in its store. */
export function recordedEvent(node: string, ...records: readonly DeliveryRecord[]): PositionedEvent {
  const envelope: EventEnvelope = {
    id: '019aa000-0000-7000-8000-000000000001',
    type: 'DeliveriesRecorded',
    v: 1,
    stream: `deliveries/${node}/0`,
    streamRevision: '0',
    part: [1, 1],
    at: '2026-11-26T13:00:00.000Z',
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'control', for: `node/${node}` },
    authorisedBy: [],
    reason: { code: 'delivery-report', text: 'The proxy handed it over, signed with its key.' },
    cause: 'c',
    correlation: 'c',
    data: {
      node,
      batch: '1',
      previous: '',
      digest: '',
      signature: '',
      at: '2026-11-26T12:59:00.000Z',
      records,
    },
  };
  return { position: position++, envelope, bytes: canonicalBytes(envelope as unknown as JsonObject) };
}
