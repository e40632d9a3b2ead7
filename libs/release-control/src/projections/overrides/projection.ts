import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { ReleasePolicyEvent } from '../../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { OVERRIDES } from '../../read-models.js';
import { targetKey, type ReleaseTarget } from '../../release-target.js';

/** Which override is in force for a target, and which was at a position: rows carry from and to. */
export const overridesProjection: Projection = {
  ...OVERRIDES,
  tables: [{ name: 'override_v1', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table override_v1 (
        ring text not null,
        format text not null,
        subject text not null,
        channel text not null,
        architecture text not null,
        name text not null,
        version text not null,
        manifest text not null,
        change_request text not null,
        from_position bigint not null,
        from_at timestamptz not null,
        to_position bigint,
        primary key (ring, format, subject, channel, architecture, from_position)
      );
      create index override_v1_in_force on override_v1 (ring, name) where to_position is null;
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const { ended, begun } = spansOf(events);
    if (ended.length > 0) await end(tx, ended);
    if (begun.length > 0) await begin(tx, begun);
  },
};

interface Ended extends ReleaseTarget {
  readonly ring: string;
  readonly to_position: string;
}

interface Begun extends ReleaseTarget {
  readonly ring: string;
  readonly name: string;
  readonly version: string;
  readonly manifest: string;
  readonly change_request: string;
  readonly from_position: string;
  readonly from_at: string;
  to_position: string | null;
}

/** `ended` are those that were in force before these events, `begun` those that came with them, and may have ended with them too. */
function spansOf(events: readonly PositionedEvent[]): { ended: Ended[]; begun: Begun[] } {
  const ended = new Map<string, Ended>();
  const begun: Begun[] = [];
  const inForce = new Map<string, Begun>();
  const prefix = releasePolicyStream('');
  for (const { position, envelope } of events) {
    if (!envelope.stream.startsWith(prefix)) continue;
    const ring = envelope.stream.slice(prefix.length);
    const { type, data } = domainEvent<ReleasePolicyEvent>(releasePolicy, envelope);
    if (type !== 'OverrideSet' && type !== 'OverrideRemoved') continue;
    const { target, name, changeRequest } = data;
    const key = `${ring} ${targetKey(target)}`;
    const before = inForce.get(key);
    if (before) before.to_position = String(position);
    else if (!ended.has(key)) ended.set(key, { ring, ...target, to_position: String(position) });
    inForce.delete(key);
    if (data.new === null) continue;
    const row: Begun = {
      ring,
      ...target,
      name,
      version: data.new.version,
      manifest: data.new.manifest,
      change_request: changeRequest,
      from_position: String(position),
      from_at: envelope.at,
      to_position: null,
    };
    inForce.set(key, row);
    begun.push(row);
  }
  return { ended: [...ended.values()], begun };
}

async function end(tx: ClientBase, rows: readonly Ended[]): Promise<void> {
  await tx.query(
    `update override_v1 as held set to_position = ended.to_position
     from json_populate_recordset(null::override_v1, $1) as ended
     where held.ring = ended.ring and held.format = ended.format and held.subject = ended.subject
       and held.channel = ended.channel and held.architecture = ended.architecture and held.to_position is null`,
    [JSON.stringify(rows)],
  );
}

async function begin(tx: ClientBase, rows: readonly Begun[]): Promise<void> {
  await tx.query('insert into override_v1 select * from json_populate_recordset(null::override_v1, $1)', [
    JSON.stringify(rows),
  ]);
}
