import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { UpstreamSnapEvent } from '../../domain/upstream-snap/events.js';
import { upstreamSnap, upstreamSnapStream } from '../../domain/upstream-snap/upstream-snap.js';
import { UPSTREAM_OFFERS } from '../../read-models.js';
import { SnapChanges, type ChannelRow, type RevisionRow, type SnapRow } from './fold.js';
import { UPSTREAM_OFFERS_TABLES } from './tables.js';

/** What does upstream offer of each watched snap, as it was last seen, and since when? */
export const upstreamOffersProjection: Projection = {
  ...UPSTREAM_OFFERS,
  tables: [
    { name: 'upstream_snap_v1', readers: ['control'] },
    { name: 'upstream_channel_v1', readers: ['control'] },
    { name: 'upstream_revision_v1', readers: ['control'] },
  ],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(UPSTREAM_OFFERS_TABLES);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const mine = Map.groupBy(
      events.filter(({ envelope }) => envelope.stream.startsWith(PREFIX)),
      ({ envelope }) => envelope.stream.slice(PREFIX.length),
    );
    if (mine.size === 0) return;
    const rows = await rowsOf(tx, [...mine.keys()]);
    const changes = [...mine].map(([snapId, theirs]) => changesOf(rows.get(snapId), snapId, theirs));
    await writeSnaps(
      tx,
      changes.map(({ snap }) => snap),
    );
    await writeChannels(
      tx,
      changes.flatMap(({ channels }) => [...channels.values()]),
    );
    await writeRevisions(
      tx,
      changes.flatMap(({ revisions }) => [...revisions.values()]),
    );
  },
};

const PREFIX = upstreamSnapStream('');

async function rowsOf(tx: ClientBase, ids: readonly string[]): Promise<Map<string, SnapRow>> {
  const { rows } = await tx.query<SnapRow>('select * from upstream_snap_v1 where snap_id = any($1)', [ids]);
  return new Map(rows.map((row) => [row.snap_id, row]));
}

function changesOf(
  row: SnapRow | undefined,
  snapId: string,
  events: readonly PositionedEvent[],
): SnapChanges {
  const changes = new SnapChanges(row ?? unseenRow(snapId));
  for (const { position, envelope } of events) {
    const event = domainEvent<UpstreamSnapEvent>(upstreamSnap, envelope);
    changes.add(event, { position: String(position), at: envelope.at });
  }
  return changes;
}

function unseenRow(snapId: string): SnapRow {
  return {
    snap_id: snapId,
    name: null,
    publisher: null,
    declaration_revision: null,
    revoked: false,
    failure_code: null,
    failure_message: null,
    // Every event gives its own.
    changed_position: '0',
    changed_at: '',
  };
}

async function writeSnaps(tx: ClientBase, rows: readonly SnapRow[]): Promise<void> {
  await tx.query(
    `insert into upstream_snap_v1 select * from json_populate_recordset(null::upstream_snap_v1, $1)
     on conflict (snap_id) do update set name = excluded.name, publisher = excluded.publisher,
       declaration_revision = excluded.declaration_revision, revoked = excluded.revoked,
       failure_code = excluded.failure_code, failure_message = excluded.failure_message,
       changed_position = excluded.changed_position, changed_at = excluded.changed_at`,
    [JSON.stringify(rows)],
  );
}

async function writeChannels(tx: ClientBase, rows: readonly ChannelRow[]): Promise<void> {
  if (rows.length === 0) return;
  const places = rows.map(({ snap_id, channel, architecture }) => ({ snap_id, channel, architecture }));
  await tx.query(
    `delete from upstream_channel_v1 as known using json_populate_recordset(null::upstream_channel_v1, $1) as place
     where known.snap_id = place.snap_id and known.channel = place.channel
       and known.architecture = place.architecture`,
    [JSON.stringify(places)],
  );
  const open = rows.flatMap(({ open: now, ...place }) => (now === null ? [] : [{ ...place, ...now }]));
  await tx.query(
    'insert into upstream_channel_v1 select * from json_populate_recordset(null::upstream_channel_v1, $1)',
    [JSON.stringify(open)],
  );
}

async function writeRevisions(tx: ClientBase, rows: readonly RevisionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into upstream_revision_v1 as known
     select * from json_populate_recordset(null::upstream_revision_v1, $1)
     on conflict (snap_id, revision) do update set version = coalesce(excluded.version, known.version),
       gone = excluded.gone`,
    [JSON.stringify(rows)],
  );
}
