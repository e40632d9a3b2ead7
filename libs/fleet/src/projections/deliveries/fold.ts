import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent } from '#platform/projection';
import { deliveries, type DeliveriesRecorded } from '../../domain/deliveries/deliveries.js';
import type { DeliveryRecord, DownloadEnded, Offered } from '../../domain/deliveries/record.js';

/**
 * `delivery_v3`: all that one node recorded of one revision and one device. Empty texts stand for a device without a session. The proof belongs
 * to the device: who showed only a key under a serial may be another than whom the store accepted under it.
 */
export interface DeliveryRow {
  readonly brand: string;
  readonly model: string;
  readonly serial: string;
  readonly proof: string;
  readonly snap_id: string;
  readonly name: string;
  readonly revision: number;
  readonly node: string;
  readonly offered: number;
  readonly completed: number;
  readonly broken_off: number;
  /** By the node's clock, as all that ends in `_at` but `recorded_at`. */
  readonly first_at: string;
  readonly last_at: string;
  readonly offered_at: string | null;
  readonly completed_at: string | null;
  /** Of the last offer. */
  readonly channel: string | null;
  /** Of the last record. */
  readonly policy_position: string;
  /** The rule of membership that the device was in its ring by at the last record; null where no rule said so. */
  readonly ring: string | null;
  readonly rule: string | null;
  readonly members_position: string | null;
  /** By the server's clock. */
  readonly recorded_at: string;
}

const PREFIX = 'deliveries/';

/** The rows of these events alone, to be added to those that are there: whichever events come together, the sum is the same. */
export function foldDeliveries(events: readonly PositionedEvent[]): DeliveryRow[] {
  const rows = new Map<string, DeliveryRow>();
  for (const { envelope } of events) {
    if (!envelope.stream.startsWith(PREFIX)) continue;
    const { data } = domainEvent<DeliveriesRecorded>(deliveries, envelope);
    for (const record of data.records) {
      if (!isDelivery(record)) continue;
      const row = rowOf(record, data.node, envelope.at);
      const key = keyOf(row);
      const known = rows.get(key);
      rows.set(key, known ? sum(known, row) : row);
    }
  }
  return [...rows.values()];
}

function isDelivery(record: DeliveryRecord): record is Offered | DownloadEnded {
  return record.what === 'offered' || record.what === 'completed' || record.what === 'broken-off';
}

function rowOf(record: Offered | DownloadEnded, node: string, recordedAt: string): DeliveryRow {
  const { what, at, device, snapId, name, revision, position, member } = record;
  return {
    brand: device?.brand ?? '',
    model: device?.model ?? '',
    serial: device?.serial ?? '',
    proof: device?.proof ?? '',
    snap_id: snapId ?? '',
    name,
    revision,
    node,
    offered: what === 'offered' ? 1 : 0,
    completed: what === 'completed' ? 1 : 0,
    broken_off: what === 'broken-off' ? 1 : 0,
    first_at: at,
    last_at: at,
    offered_at: what === 'offered' ? at : null,
    completed_at: what === 'completed' ? at : null,
    channel: what === 'offered' ? record.channel : null,
    policy_position: position,
    ring: member?.ring ?? null,
    rule: member?.rule ?? null,
    members_position: member?.position ?? null,
    recorded_at: recordedAt,
  };
}

function keyOf({ brand, model, serial, proof, snap_id, name, revision, node }: DeliveryRow): string {
  return JSON.stringify([brand, model, serial, proof, snap_id, name, revision, node]);
}

/** What the statement of the projection does with a row that is there. Times are of one form, so that they sort as text. */
function sum(known: DeliveryRow, more: DeliveryRow): DeliveryRow {
  const newest = more.last_at >= known.last_at ? more : known;
  const offer =
    (more.offered_at ?? '') >= (known.offered_at ?? '') && more.offered_at !== null ? more : known;
  return {
    ...known,
    offered: known.offered + more.offered,
    completed: known.completed + more.completed,
    broken_off: known.broken_off + more.broken_off,
    first_at: more.first_at < known.first_at ? more.first_at : known.first_at,
    last_at: newest.last_at,
    offered_at: offer.offered_at,
    channel: offer.channel,
    completed_at: later(known.completed_at, more.completed_at),
    policy_position: newest.policy_position,
    ring: newest.ring,
    rule: newest.rule,
    members_position: newest.members_position,
    recorded_at: more.recorded_at,
  };
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
