import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import { WATCH_LIST_STREAM, watchList, type WatchListEvent } from '../../domain/watch-list/watch-list.js';
import { WATCHED_SNAPS } from '../../read-models.js';

/** Which snaps are watched, since when, and because of whom? By name where a person listed it, by id where it was asked for. */
export const watchedSnapsProjection: Projection = {
  ...WATCHED_SNAPS,
  tables: [
    { name: 'listed_snap_v1', readers: ['control'] },
    { name: 'asked_snap_v1', readers: ['control'] },
  ],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table listed_snap_v1 (
        name text primary key,
        since_position bigint not null,
        since_at timestamptz not null
      );
      create table asked_snap_v1 (
        snap_id text primary key,
        name text not null,
        change_request text not null,
        since_position bigint not null,
        since_at timestamptz not null
      );
      create index asked_snap_v1_name on asked_snap_v1 (name);
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const listed = new Map<string, object | null>();
    const asked = new Map<string, object>();
    for (const { position, envelope } of events) {
      if (envelope.stream !== WATCH_LIST_STREAM) continue;
      const { type, data } = domainEvent<WatchListEvent>(watchList, envelope);
      const since = { since_position: String(position), since_at: envelope.at };
      switch (type) {
        case 'SnapWatched':
          listed.set(data.name, { name: data.name, ...since });
          break;
        case 'SnapUnwatched':
          listed.set(data.name, null);
          break;
        case 'WatchedSnapIdentified':
          // The upstream snap's own events say the rest.
          break;
        case 'SnapAskedFor': {
          const { snapId, name, changeRequest } = data;
          asked.set(snapId, { snap_id: snapId, name, change_request: changeRequest, ...since });
          break;
        }
      }
    }
    if (listed.size > 0) await writeListed(tx, listed);
    if (asked.size > 0) await writeAsked(tx, [...asked.values()]);
  },
};

async function writeListed(tx: ClientBase, listed: ReadonlyMap<string, object | null>): Promise<void> {
  await tx.query('delete from listed_snap_v1 where name = any($1)', [[...listed.keys()]]);
  await tx.query(
    'insert into listed_snap_v1 select * from json_populate_recordset(null::listed_snap_v1, $1)',
    [JSON.stringify([...listed.values()].filter((row) => row !== null))],
  );
}

async function writeAsked(tx: ClientBase, rows: readonly object[]): Promise<void> {
  await tx.query(
    `insert into asked_snap_v1 select * from json_populate_recordset(null::asked_snap_v1, $1)
     on conflict (snap_id) do update set name = excluded.name, change_request = excluded.change_request,
       since_position = excluded.since_position, since_at = excluded.since_at`,
    [JSON.stringify(rows)],
  );
}
