import type { ClientBase } from 'pg';
import type { EventEnvelope } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import { changeRequest } from '../../domain/change-request/change-request.js';
import type { ChangeRequestEvent } from '../../domain/change-request/events.js';
import { noChangeRequest, type ChangeRequest } from '../../domain/change-request/state.js';

/** Which change requests are there, how do they stand, and who did what to them when? */
export const changeRequestsProjection: Projection = {
  name: 'change-requests',
  version: 1,

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table if not exists read.change_request_v1 (
        id text primary key,
        ring text not null,
        status text not null,
        author text not null,
        state jsonb not null,
        history jsonb not null,
        first_position bigint not null,
        last_position bigint not null
      );
      create index if not exists change_request_v1_status on read.change_request_v1 (status, first_position);
      grant select on read.change_request_v1 to holdfast_control;
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const event of events) {
      if (event.envelope.stream.startsWith('change-request/')) await applyOne(tx, event);
    }
  },
};

/** One line of a request's history, as the trail has it. */
export interface HistoryLine {
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly actor: EventEnvelope['actor'];
  readonly reason: EventEnvelope['reason'];
}

async function applyOne(tx: ClientBase, { position, envelope }: PositionedEvent): Promise<void> {
  const id = envelope.stream.slice('change-request/'.length);
  const { rows } = await tx.query<{ state: ChangeRequest }>(
    'select state from read.change_request_v1 where id = $1',
    [id],
  );
  const event = domainEvent<ChangeRequestEvent>(changeRequest, envelope);
  const state = changeRequest.evolve(rows[0]?.state ?? noChangeRequest, event);
  if (state.status === 'none') return;
  const line: HistoryLine = {
    position: String(position),
    id: envelope.id,
    type: envelope.type,
    at: envelope.at,
    actor: envelope.actor,
    reason: envelope.reason,
  };
  await tx.query(
    `insert into read.change_request_v1 (id, ring, status, author, state, history, first_position, last_position)
     values ($1, $2, $3, $4, $5, jsonb_build_array($6::jsonb), $7, $7)
     on conflict (id) do update set status = excluded.status, state = excluded.state,
       history = read.change_request_v1.history || excluded.history, last_position = excluded.last_position`,
    [id, state.ring, state.status, state.author.name, JSON.stringify(state), JSON.stringify(line), position],
  );
}
