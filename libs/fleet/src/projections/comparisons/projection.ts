import type { ClientBase } from 'pg';
import type { PositionedEvent, Projection } from '#platform/projection';
import { COMPARISONS } from '../../read-models.js';
import { foldComparisons } from './fold.js';

/** What came of comparing the incumbent's answers with ours, while proxies were its shadows? */
export const comparisonsProjection: Projection = {
  ...COMPARISONS,
  tables: [
    { name: 'comparison_v1', readers: ['control'] },
    { name: 'difference_v1', readers: ['control'] },
  ],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table comparison_v1 (
        node text not null,
        hour timestamptz not null,
        endpoint text not null,
        outcome text not null,
        count bigint not null,
        first_at timestamptz not null,
        last_at timestamptz not null,
        primary key (node, hour, endpoint, outcome)
      );
      create table difference_v1 (
        node text not null,
        endpoint text not null,
        snap_id text not null,
        name text not null,
        place text not null,
        incumbent text not null,
        ours text not null,
        why text not null,
        brand text not null,
        model text not null,
        serial text not null,
        count bigint not null,
        first_at timestamptz not null,
        last_at timestamptz not null,
        policy_position bigint not null,
        primary key (name, snap_id, endpoint, place, incumbent, ours, why, node, brand, model, serial)
      );
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const { comparisons, differences } = foldComparisons(events);
    if (comparisons.length > 0) await tx.query(ADD_COMPARISONS, [JSON.stringify(comparisons)]);
    if (differences.length > 0) await tx.query(ADD_DIFFERENCES, [JSON.stringify(differences)]);
  },
};

/** As `add` in fold.ts adds two rows. */
const ADD_COMPARISONS = `
insert into comparison_v1 as known select * from json_populate_recordset(null::comparison_v1, $1)
on conflict (node, hour, endpoint, outcome) do update set
  count = known.count + excluded.count,
  first_at = least(known.first_at, excluded.first_at),
  last_at = greatest(known.last_at, excluded.last_at)`;

const ADD_DIFFERENCES = `
insert into difference_v1 as known select * from json_populate_recordset(null::difference_v1, $1)
on conflict (name, snap_id, endpoint, place, incumbent, ours, why, node, brand, model, serial) do update set
  count = known.count + excluded.count,
  first_at = least(known.first_at, excluded.first_at),
  last_at = greatest(known.last_at, excluded.last_at),
  policy_position = case when excluded.last_at >= known.last_at then excluded.policy_position else known.policy_position end`;
