import type { ClientBase } from 'pg';
import type { PositionedEvent, Projection } from '#platform/projection';
import { DELIVERIES } from '../../read-models.js';
import { foldDeliveries } from './fold.js';

/** What was offered and delivered to a device, and who got a revision? */
export const deliveriesProjection: Projection = {
  ...DELIVERIES,
  tables: [{ name: 'delivery_v3', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table delivery_v3 (
        brand text not null,
        model text not null,
        serial text not null,
        proof text not null,
        snap_id text not null,
        name text not null,
        revision bigint not null,
        node text not null,
        offered bigint not null,
        completed bigint not null,
        broken_off bigint not null,
        first_at timestamptz not null,
        last_at timestamptz not null,
        offered_at timestamptz,
        completed_at timestamptz,
        channel text,
        policy_position bigint not null,
        ring text,
        rule text,
        members_position bigint,
        recorded_at timestamptz not null,
        primary key (brand, model, serial, proof, snap_id, name, revision, node)
      );
      create index delivery_v3_serial on delivery_v3 (serial);
      create index delivery_v3_name on delivery_v3 (name, revision);
      create index delivery_v3_snap_id on delivery_v3 (snap_id, revision);
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const rows = foldDeliveries(events);
    if (rows.length > 0) await tx.query(ADD, [JSON.stringify(rows)]);
  },
};

/** As `sum` in fold.ts adds two rows. */
const ADD = `
insert into delivery_v3 as known select * from json_populate_recordset(null::delivery_v3, $1)
on conflict (brand, model, serial, proof, snap_id, name, revision, node) do update set
  offered = known.offered + excluded.offered,
  completed = known.completed + excluded.completed,
  broken_off = known.broken_off + excluded.broken_off,
  first_at = least(known.first_at, excluded.first_at),
  last_at = greatest(known.last_at, excluded.last_at),
  offered_at = greatest(known.offered_at, excluded.offered_at),
  completed_at = greatest(known.completed_at, excluded.completed_at),
  channel = case when excluded.offered_at >= known.offered_at or (known.offered_at is null and excluded.offered_at is not null)
    then excluded.channel else known.channel end,
  policy_position = case when excluded.last_at >= known.last_at then excluded.policy_position else known.policy_position end,
  ring = case when excluded.last_at >= known.last_at then excluded.ring else known.ring end,
  rule = case when excluded.last_at >= known.last_at then excluded.rule else known.rule end,
  members_position = case when excluded.last_at >= known.last_at then excluded.members_position else known.members_position end,
  recorded_at = excluded.recorded_at`;
