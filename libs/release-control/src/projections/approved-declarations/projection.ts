import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { ReleasePolicyEvent } from '../../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { APPROVED_DECLARATIONS } from '../../read-models.js';
import { targetKey, type ReleaseTarget } from '../../release-target.js';

/** Which revision of its declaration was approved with what a ring holds? No row where the record does not say it. */
export const approvedDeclarationsProjection: Projection = {
  ...APPROVED_DECLARATIONS,
  tables: [{ name: 'approved_declaration_v1', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table approved_declaration_v1 (
        ring text not null,
        format text not null,
        subject text not null,
        channel text not null,
        architecture text not null,
        declaration integer not null,
        primary key (ring, format, subject, channel, architecture)
      );
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const last = new Map(events.flatMap(choiceOf).map((row) => [`${row.ring} ${targetKey(row)}`, row]));
    if (last.size === 0) return;
    const rows = [...last.values()];
    await tx.query(
      `delete from approved_declaration_v1 as known
       using json_populate_recordset(null::approved_declaration_v1, $1) as changed
       where known.ring = changed.ring and known.format = changed.format and known.subject = changed.subject
         and known.channel = changed.channel and known.architecture = changed.architecture`,
      [JSON.stringify(rows)],
    );
    await tx.query(
      `insert into approved_declaration_v1
       select * from json_populate_recordset(null::approved_declaration_v1, $1)`,
      [JSON.stringify(rows.filter(({ declaration }) => declaration !== null))],
    );
  },
};

interface Row extends ReleaseTarget {
  readonly ring: string;
  readonly declaration: number | null;
}

const STREAM_PREFIX = releasePolicyStream('');

function choiceOf({ envelope }: PositionedEvent): Row[] {
  if (!envelope.stream.startsWith(STREAM_PREFIX)) return [];
  const { type, data } = domainEvent<ReleasePolicyEvent>(releasePolicy, envelope);
  if (type !== 'OverrideSet' && type !== 'OverrideRemoved') return [];
  const ring = envelope.stream.slice(STREAM_PREFIX.length);
  return [{ ring, ...data.target, declaration: data.new?.declaration ?? null }];
}
