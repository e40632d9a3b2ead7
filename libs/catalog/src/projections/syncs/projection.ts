import type { ClientBase } from 'pg';
import { actorName } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import { sync, syncStream, type SyncEvent, type SyncOutcome } from '../../domain/sync/sync.js';
import { SYNCS } from '../../read-models.js';

/** How far is a look that a person asked for, and what came of it? */
export const syncsProjection: Projection = {
  ...SYNCS,
  tables: [{ name: 'sync_v1', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table sync_v1 (
        id text primary key,
        status text not null,
        requested_by text not null,
        requested_at timestamptz not null,
        total integer,
        done integer not null,
        outcome jsonb
      );
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const mine = Map.groupBy(
      events.filter(({ envelope }) => envelope.stream.startsWith(PREFIX)),
      ({ envelope }) => envelope.stream.slice(PREFIX.length),
    );
    if (mine.size === 0) return;
    const { rows } = await tx.query<Row>('select * from sync_v1 where id = any($1)', [[...mine.keys()]]);
    const known = new Map(rows.map((row) => [row.id, row]));
    const changed = [...mine].map(([id, theirs]) => theirs.reduce(rowAfter, known.get(id) ?? newRow(id)));
    await tx.query(
      `insert into sync_v1 select * from json_populate_recordset(null::sync_v1, $1)
       on conflict (id) do update set status = excluded.status, total = excluded.total, done = excluded.done,
         outcome = excluded.outcome`,
      [JSON.stringify(changed)],
    );
  },
};

const PREFIX = syncStream('');

interface Row {
  readonly id: string;
  readonly status: 'asked' | 'running' | 'done';
  readonly requested_by: string;
  readonly requested_at: string | Date;
  readonly total: number | null;
  readonly done: number;
  readonly outcome: SyncOutcome | null;
}

function newRow(id: string): Row {
  // A sync begins with the event that says by whom and when.
  return { id, status: 'asked', requested_by: '', requested_at: '', total: null, done: 0, outcome: null };
}

function rowAfter(row: Row, { envelope }: PositionedEvent): Row {
  const event = domainEvent<SyncEvent>(sync, envelope);
  switch (event.type) {
    case 'SyncRequested': {
      const { at, actor } = envelope;
      return { ...row, requested_at: at, requested_by: actorName(actor) };
    }
    case 'SyncStarted':
      return { ...row, status: 'running', total: event.data.total };
    case 'SyncProgressed':
      return { ...row, done: event.data.done };
    case 'SyncCompleted':
      return { ...row, status: 'done', done: event.data.done, outcome: event.data };
  }
}
