import type { ClientBase } from 'pg';
import type { PositionedEvent, Projection } from '#platform/projection';
import { INSTALLED } from '../../read-models.js';
import { foldInstalled } from './fold.js';

/** What does each device have installed, as it last said? */
export const installedProjection: Projection = {
  ...INSTALLED,
  tables: [{ name: 'installed_v3', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table installed_v3 (
        brand text not null,
        model text not null,
        serial text not null,
        proof text not null,
        anonymous text not null,
        node text not null,
        report text not null,
        said_at timestamptz not null,
        recorded_at timestamptz not null,
        policy_position bigint not null,
        ring text,
        rule text,
        members_position bigint,
        architecture text not null,
        snaps jsonb not null,
        left_out bigint not null,
        since timestamptz not null,
        primary key (brand, model, serial, proof, anonymous, node)
      );
      create index installed_v3_serial on installed_v3 (serial);
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const { rows, confirmations } = foldInstalled(events);
    // First: a row of these events may take the place of the one that was confirmed before it.
    if (confirmations.length > 0) await tx.query(CONFIRM, [JSON.stringify(confirmations)]);
    if (rows.length > 0) await tx.query(REPLACE, [JSON.stringify(rows)]);
  },
};

const CONFIRM = `
update installed_v3 as known set said_at = more.said_at, recorded_at = more.recorded_at, policy_position = more.policy_position,
  ring = more.ring, rule = more.rule, members_position = more.members_position
from json_populate_recordset(null::installed_v3, $1) as more
where (known.brand, known.model, known.serial, known.proof, known.anonymous, known.node, known.report)
  = (more.brand, more.model, more.serial, more.proof, more.anonymous, more.node, more.report)`;

const REPLACE = `
insert into installed_v3 as known select * from json_populate_recordset(null::installed_v3, $1)
on conflict (brand, model, serial, proof, anonymous, node) do update set
  report = excluded.report,
  said_at = excluded.said_at,
  recorded_at = excluded.recorded_at,
  policy_position = excluded.policy_position,
  ring = excluded.ring,
  rule = excluded.rule,
  members_position = excluded.members_position,
  architecture = excluded.architecture,
  snaps = excluded.snaps,
  left_out = excluded.left_out,
  since = case when known.report = excluded.report then known.since else excluded.since end`;
