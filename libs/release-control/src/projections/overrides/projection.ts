import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import {
  releasePolicy,
  releasePolicyStream,
  type ReleasePolicyEvent,
} from '../../domain/release-policy/release-policy.js';

/** Which override is in force for a target, and which was at a position: rows carry from and to. */
export const overridesProjection: Projection = {
  name: 'overrides',
  version: 1,

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table if not exists read.override_v1 (
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
      create index if not exists override_v1_in_force on read.override_v1 (ring, name) where to_position is null;
      grant select on read.override_v1 to holdfast_control;
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const event of events) {
      if (event.envelope.stream.startsWith(releasePolicyStream(''))) await applyOne(tx, event);
    }
  },
};

async function applyOne(tx: ClientBase, { position, envelope }: PositionedEvent): Promise<void> {
  const ring = envelope.stream.slice(releasePolicyStream('').length);
  const { data } = domainEvent<ReleasePolicyEvent>(releasePolicy, envelope);
  const { format, subject, channel, architecture } = data.target;
  const target = [ring, format, subject, channel, architecture];
  await tx.query(
    `update read.override_v1 set to_position = $6
     where ring = $1 and format = $2 and subject = $3 and channel = $4 and architecture = $5 and to_position is null`,
    [...target, position],
  );
  if (data.new === null) return;
  await tx.query(
    `insert into read.override_v1
       (ring, format, subject, channel, architecture, name, version, manifest, change_request, from_position, from_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [...target, data.name, data.new.version, data.new.manifest, data.changeRequest, position, envelope.at],
  );
}
