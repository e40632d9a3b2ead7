import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent } from '#platform/projection';
import { deliveries, type DeliveriesRecorded } from '../../domain/deliveries/deliveries.js';
import type { InstalledSnap } from '../../domain/deliveries/installed.js';
import type { DeviceMark, Installed, StillInstalled } from '../../domain/deliveries/record.js';

/**
 * Whose report it is, by one node. The proof belongs to it: while upstream is gone anybody may show a key of their own under another device's
 * serial, and what they say takes the place of nothing that the device said. Of devices without a session each different report is one: empty
 * texts, and the report itself.
 */
interface Key {
  readonly brand: string;
  readonly model: string;
  readonly serial: string;
  readonly proof: string;
  readonly anonymous: string;
  readonly node: string;
}

/** That a report still holds. */
export interface Confirmation extends Key {
  readonly report: string;
  /** When the device said so: by the node's clock, but never later than control took it, so that a clock ahead outranks no other node for long. */
  readonly said_at: string;
  /** By the server's clock. */
  readonly recorded_at: string;
  /** Of the policy that the node obeyed then. */
  readonly policy_position: string;
  /** The rule of membership that the device was in its ring by then; null where no rule said so. */
  readonly ring: string | null;
  readonly rule: string | null;
  readonly members_position: string | null;
}

/** `installed_v3`: the last report that one node recorded of one device. */
export interface InstalledRow extends Confirmation {
  readonly architecture: string;
  readonly snaps: readonly InstalledSnap[];
  readonly left_out: number;
  /** When it was first said. */
  readonly since: string;
}

export interface FoldedReports {
  /** They take the place of what is there. */
  readonly rows: readonly InstalledRow[];
  /** Of rows that are not among these: they count if they are of the report that is there. */
  readonly confirmations: readonly Confirmation[];
}

const PREFIX = 'deliveries/';

/** A node's records come in its order: the later one holds, whatever its clock says. */
export function foldInstalled(events: readonly PositionedEvent[]): FoldedReports {
  const rows = new Map<string, InstalledRow>();
  const confirmations = new Map<string, Confirmation>();
  for (const { envelope } of events) {
    if (!envelope.stream.startsWith(PREFIX)) continue;
    const { data } = domainEvent<DeliveriesRecorded>(deliveries, envelope);
    for (const record of data.records) {
      if (record.what !== 'installed' && record.what !== 'still-installed') continue;
      const said = saidIn(record, data.node, envelope.at);
      const key = JSON.stringify([
        said.brand,
        said.model,
        said.serial,
        said.proof,
        said.anonymous,
        said.node,
      ]);
      const row = rows.get(key);
      if (record.what === 'installed') rows.set(key, rowOf(record, said, row));
      else if (!row) confirmations.set(`${key} ${said.report}`, said);
      else if (row.report === said.report) rows.set(key, { ...row, ...said });
    }
  }
  return { rows: [...rows.values()], confirmations: [...confirmations.values()] };
}

function saidIn(record: Installed | StillInstalled, node: string, recordedAt: string): Confirmation {
  const { at, device, report, position, member } = record;
  return {
    ...nameOf(device),
    anonymous: device ? '' : report,
    node,
    report,
    said_at: at < recordedAt ? at : recordedAt,
    recorded_at: recordedAt,
    policy_position: position,
    ring: member?.ring ?? null,
    rule: member?.rule ?? null,
    members_position: member?.position ?? null,
  };
}

function nameOf(device: DeviceMark | null): Pick<Key, 'brand' | 'model' | 'serial' | 'proof'> {
  if (!device) return { brand: '', model: '', serial: '', proof: '' };
  const { brand, model, serial, proof } = device;
  return { brand, model, serial, proof };
}

/** A proxy that was started again says once more what it had said: it is so since then. */
function rowOf(
  { architecture, snaps, left }: Installed,
  said: Confirmation,
  before: InstalledRow | undefined,
): InstalledRow {
  const since = before?.report === said.report ? before.since : said.said_at;
  return { ...said, architecture, snaps, left_out: left, since };
}
