import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent } from '#platform/projection';
import { deliveries, type DeliveriesRecorded } from '../../domain/deliveries/deliveries.js';
import type { Compared, Differed } from '../../domain/deliveries/record.js';

/** `comparison_v1`: requests that a node counted in an hour of its clock. */
export interface ComparisonRow {
  readonly node: string;
  readonly hour: string;
  readonly endpoint: string;
  readonly outcome: string;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
}

/** `difference_v1`: what one node found different for one device. Empty texts stand for a device that is not known, and for nothing. */
export interface DifferenceRow {
  readonly node: string;
  readonly endpoint: string;
  readonly snap_id: string;
  readonly name: string;
  readonly place: string;
  readonly incumbent: string;
  readonly ours: string;
  readonly why: string;
  readonly brand: string;
  readonly model: string;
  readonly serial: string;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly policy_position: string;
}

export interface Comparisons {
  readonly comparisons: readonly ComparisonRow[];
  readonly differences: readonly DifferenceRow[];
}

const PREFIX = 'deliveries/';

/** The rows of these events alone, to be added to those that are there: whichever events come together, the sum is the same. */
export function foldComparisons(events: readonly PositionedEvent[]): Comparisons {
  const comparisons = new Map<string, ComparisonRow>();
  const differences = new Map<string, DifferenceRow>();
  for (const { envelope } of events) {
    if (!envelope.stream.startsWith(PREFIX)) continue;
    const { data } = domainEvent<DeliveriesRecorded>(deliveries, envelope);
    for (const record of data.records) {
      if (record.what === 'compared') add(comparisons, comparisonRow(record, data.node), keyOfComparison);
      if (record.what === 'differed') add(differences, differenceRow(record, data.node), keyOfDifference);
    }
  }
  return { comparisons: [...comparisons.values()], differences: [...differences.values()] };
}

function comparisonRow({ at, until, endpoint, outcome, count }: Compared, node: string): ComparisonRow {
  const hour = `${until.slice(0, 13)}:00:00.000Z`;
  return { node, hour, endpoint, outcome, count, first_at: at, last_at: until };
}

function differenceRow(record: Differed, node: string): DifferenceRow {
  const { at, until, device, endpoint, snapId, name, place, incumbent, ours, why, position, count } = record;
  return {
    node,
    endpoint,
    snap_id: snapId ?? '',
    name,
    place: place ?? '',
    incumbent,
    ours,
    why,
    brand: device?.brand ?? '',
    model: device?.model ?? '',
    serial: device?.serial ?? '',
    count,
    first_at: at,
    last_at: until,
    policy_position: position,
  };
}

function keyOfComparison({ node, hour, endpoint, outcome }: ComparisonRow): string {
  return JSON.stringify([node, hour, endpoint, outcome]);
}

function keyOfDifference(row: DifferenceRow): string {
  const { node, endpoint, snap_id, name, place, incumbent, ours, why, brand, model, serial } = row;
  return JSON.stringify([node, endpoint, snap_id, name, place, incumbent, ours, why, brand, model, serial]);
}

/** What the statements of the projection do with a row that is there. Times are of one form, so that they sort as text. */
function add<Row extends ComparisonRow | DifferenceRow>(
  rows: Map<string, Row>,
  row: Row,
  keyOf: (row: Row) => string,
): void {
  const key = keyOf(row);
  const known = rows.get(key);
  if (!known) return void rows.set(key, row);
  const newest = row.last_at >= known.last_at ? row : known;
  const first_at = row.first_at < known.first_at ? row.first_at : known.first_at;
  rows.set(key, { ...newest, first_at, count: known.count + row.count });
}
