import type { ClientBase } from 'pg';
import { endsList, type EventEnvelope } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ChangeRequestEvent } from '../../domain/change-request/events.js';
import { noChangeRequest, type ChangeRequest } from '../../domain/change-request/state.js';
import { CHANGE_REQUESTS } from '../../read-models.js';

/** Which change requests are there, how do they stand, and who did what to them when? */
export const changeRequestsProjection: Projection = {
  ...CHANGE_REQUESTS,
  tables: [{ name: 'change_request_v9', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table change_request_v9 (
        id text primary key,
        ring text not null,
        status text not null,
        author text not null,
        state jsonb not null,
        history jsonb not null,
        first_position bigint not null,
        last_position bigint not null
      );
      create index change_request_v9_status on change_request_v9 (status, first_position);
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const mine = Map.groupBy(
      events.filter(({ envelope }) => envelope.stream.startsWith(PREFIX)),
      ({ envelope }) => envelope.stream.slice(PREFIX.length),
    );
    if (mine.size === 0) return;
    const states = await statesOf(tx, [...mine.keys()]);
    const rows = [...mine].map(([id, theirs]) => rowOf(id, states.get(id) ?? noChangeRequest, theirs));
    await write(
      tx,
      rows.filter((row) => row !== undefined),
    );
  },
};

const PREFIX = changeRequestStream('');

/** One line of a request's history, as the trail has it. */
export interface HistoryLine {
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly actor: EventEnvelope['actor'];
  readonly reason: EventEnvelope['reason'];
}

interface Row {
  readonly id: string;
  readonly ring: string;
  readonly status: string;
  readonly author: string;
  readonly state: ChangeRequest;
  /** What is added to it. */
  readonly history: readonly HistoryLine[];
  readonly first_position: string;
  readonly last_position: string;
}

async function statesOf(tx: ClientBase, ids: readonly string[]): Promise<Map<string, ChangeRequest>> {
  const { rows } = await tx.query<{ id: string; state: ChangeRequest }>(
    'select id, state from change_request_v9 where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}

function rowOf(id: string, before: ChangeRequest, events: readonly PositionedEvent[]): Row | undefined {
  const state = events.reduce(
    (folded, { envelope }) =>
      changeRequest.evolve(folded, domainEvent<ChangeRequestEvent>(changeRequest, envelope)),
    before,
  );
  // A list that is spread over several events is one thing that happened: with the last of them.
  const history = events.filter(({ envelope }) => endsList(envelope.data)).map(lineOf);
  const [first, last] = [events[0], events.at(-1)];
  if (state.status === 'none' || !first || !last) return undefined;
  const { ring, status, author } = state;
  return {
    id,
    ring,
    status,
    author: author.name,
    state,
    history,
    first_position: String(first.position),
    last_position: String(last.position),
  };
}

function lineOf({ position, envelope }: PositionedEvent): HistoryLine {
  const { id, type, at, actor, reason } = envelope;
  return { position: String(position), id, type, at, actor, reason };
}

async function write(tx: ClientBase, rows: readonly Row[]): Promise<void> {
  await tx.query(
    `insert into change_request_v9 as known
     select * from json_populate_recordset(null::change_request_v9, $1)
     on conflict (id) do update set status = excluded.status, author = excluded.author, state = excluded.state,
       history = known.history || excluded.history, last_position = excluded.last_position`,
    [JSON.stringify(rows)],
  );
}
