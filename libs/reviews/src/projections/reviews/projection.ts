import type { ClientBase } from 'pg';
import { endsList } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import { REVIEW_STREAMS } from '../../domain/kinds.js';
import type { ReviewEvent } from '../../domain/review/events.js';
import { review } from '../../domain/review/review.js';
import { noReview, type Review } from '../../domain/review/state.js';
import { REVIEWS } from '../../read-models.js';

/** Which reviews are there, and how do they stand? */
export const reviewsProjection: Projection = {
  ...REVIEWS,
  tables: [{ name: 'review_v1', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table review_v1 (
        id text primary key,
        kind text not null,
        status text not null,
        next_due timestamptz not null,
        state jsonb not null,
        history jsonb not null,
        first_position bigint not null,
        last_position bigint not null
      );
      create index review_v1_kind on review_v1 (kind, first_position);
      create index review_v1_order on review_v1 (first_position);
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const mine = Map.groupBy(
      events.filter(({ envelope }) => envelope.stream.startsWith(REVIEW_STREAMS)),
      ({ envelope }) => envelope.stream.slice(REVIEW_STREAMS.length),
    );
    if (mine.size === 0) return;
    const states = await statesOf(tx, [...mine.keys()]);
    const rows = [...mine].flatMap(([id, theirs]) => rowOf(states.get(id) ?? noReview, theirs));
    await tx.query(
      `insert into review_v1 as known
       select * from json_populate_recordset(null::review_v1, $1)
       on conflict (id) do update set status = excluded.status, next_due = excluded.next_due, state = excluded.state,
         history = known.history || excluded.history, last_position = excluded.last_position`,
      [JSON.stringify(rows)],
    );
  },
};

/** One line of a review's history, as the trail has it. */
export interface ReviewHistoryLine {
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly zone: string;
  readonly actor: PositionedEvent['envelope']['actor'];
  readonly reason: PositionedEvent['envelope']['reason'];
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly next_due: string;
  readonly state: Review;
  /** What is added to it. */
  readonly history: readonly ReviewHistoryLine[];
  readonly first_position: string;
  readonly last_position: string;
}

async function statesOf(tx: ClientBase, ids: readonly string[]): Promise<Map<string, Review>> {
  const { rows } = await tx.query<{ id: string; state: Review }>(
    'select id, state from review_v1 where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}

function rowOf(before: Review, events: readonly PositionedEvent[]): Row[] {
  const state = events.reduce(
    (folded, { envelope }) => review.evolve(folded, domainEvent<ReviewEvent>(review, envelope)),
    before,
  );
  // A list that is spread over several events is one thing that happened: with the last of them.
  const history = events.filter(({ envelope }) => endsList(envelope.data)).map(lineOf);
  const [first, last] = [events[0], events.at(-1)];
  if (state.status === 'none' || !first || !last) return [];
  const { id, content, status, nextDue } = state;
  return [
    {
      id,
      kind: content.kind,
      status,
      next_due: nextDue,
      state,
      history,
      first_position: String(first.position),
      last_position: String(last.position),
    },
  ];
}

function lineOf({ position, envelope }: PositionedEvent): ReviewHistoryLine {
  const { id, type, at, zone, actor, reason } = envelope;
  return { position: String(position), id, type, at, zone, actor, reason };
}
