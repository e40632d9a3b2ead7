import type { ClientBase } from 'pg';
import { actorName, sha256Hex, type Actor } from '#kernel';
import type { PositionedEvent, Projection } from '#platform/projection';
import { AUDIT_TRAIL } from '../../read-models.js';

/**
 * Who did what, when and why: a row for each event, whatever wrote it. Knows the envelope and no event's data, so events of later releases
 * appear too. `body` is `json` and not `jsonb`, which refuses U+0000: what somebody typed must not be able to stop the trail.
 */
export const auditTrailProjection: Projection = {
  ...AUDIT_TRAIL,
  tables: [{ name: 'audit_trail_v1', readers: ['control'] }],

  async createTables(tx) {
    await tx.query(`
      create table audit_trail_v1 (
        position bigint primary key,
        at timestamptz not null,
        actor text not null,
        actor_name text not null,
        type text not null,
        stream text not null,
        reason_code text not null,
        reason_text text not null,
        sha256 text not null,
        body json not null
      );
      create index audit_trail_v1_actor on audit_trail_v1 (actor, position);
      create index audit_trail_v1_actor_name on audit_trail_v1 (actor_name, position);
      create index audit_trail_v1_type on audit_trail_v1 (type, position);
      create index audit_trail_v1_stream on audit_trail_v1 (stream, position);
      create index audit_trail_v1_at on audit_trail_v1 (at, position);
      create index audit_trail_v1_reason on audit_trail_v1 (reason_code, position);
    `);
  },

  async apply(tx, events) {
    await insert(tx, events.map(rowOf));
  },
};

type Row = readonly [string, string, string, string, string, string, string, string, string, string];

function rowOf({ position, envelope, bytes }: PositionedEvent): Row {
  const { at, actor, type, stream, reason } = envelope;
  const words = [actor.id, nameToFind(actor), type, stream, reason.code, reason.text].map(storable);
  const [id = '', name = '', kind = '', record = '', code = '', text = ''] = words;
  const body = Buffer.from(bytes).toString('utf8');
  return [String(position), at, id, name, kind, record, code, text, sha256Hex(bytes), body];
}

/** For searching by name: what a token did is found under the person who answers for it. */
function nameToFind(actor: Actor): string {
  return actor.kind === 'token' ? actor.owner.name : actorName(actor);
}

/** PostgreSQL's text has no U+0000. The columns are for searching; `body` keeps what was written. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

async function insert(tx: ClientBase, rows: readonly Row[]): Promise<void> {
  const columns = Array.from({ length: 10 }, (_, i) => rows.map((row) => row[i]));
  await tx.query(
    `insert into audit_trail_v1
       (position, at, actor, actor_name, type, stream, reason_code, reason_text, sha256, body)
     select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::text[], $10::json[])`,
    columns,
  );
}
