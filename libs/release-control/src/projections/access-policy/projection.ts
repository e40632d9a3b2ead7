import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { Access, Listing } from '../../access.js';
import type { ReleasePolicyEvent } from '../../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { ACCESS_POLICY } from '../../read-models.js';

/**
 * What a ring's access policy is, which snaps it denies and allows, and what that was at a position: rows carry from and to. The ring's own policy
 * has an empty subject, and no row before it was first set.
 */
export const accessPolicyProjection: Projection = {
  ...ACCESS_POLICY,
  tables: [{ name: 'access_policy_v1', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table access_policy_v1 (
        ring text not null,
        format text not null,
        subject text not null,
        name text not null,
        value text not null,
        change_request text not null,
        from_position bigint not null,
        from_at timestamptz not null,
        to_position bigint,
        primary key (ring, format, subject, from_position)
      );
      create index access_policy_v1_in_force on access_policy_v1 (ring, value, name) where to_position is null;
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const change of events.flatMap(changeOf)) {
      const { ring, format, subject, position } = change;
      await tx.query(
        `update access_policy_v1 set to_position = $4
         where ring = $1 and format = $2 and subject = $3 and to_position is null`,
        [ring, format, subject, position],
      );
      if (change.value === null) continue;
      await tx.query(`insert into access_policy_v1 values ($1, $2, $3, $4, $5, $6, $7, $8, null)`, [
        ring,
        format,
        subject,
        change.name,
        change.value,
        change.changeRequest,
        position,
        change.at,
      ]);
    }
  },
};

interface Change {
  readonly ring: string;
  readonly format: string;
  readonly subject: string;
  readonly name: string;
  readonly value: Access | Listing | null;
  readonly changeRequest: string;
  readonly position: string;
  readonly at: string;
}

const STREAM_PREFIX = releasePolicyStream('');

/** A few a year, so that each is written by itself. */
function changeOf({ position, envelope }: PositionedEvent): Change[] {
  if (!envelope.stream.startsWith(STREAM_PREFIX)) return [];
  const { type, data } = domainEvent<ReleasePolicyEvent>(releasePolicy, envelope);
  const change = {
    ring: envelope.stream.slice(STREAM_PREFIX.length),
    changeRequest: data.changeRequest,
    position: String(position),
    at: envelope.at,
  };
  switch (type) {
    case 'OverrideSet':
    case 'OverrideRemoved':
      return [];
    case 'AccessPolicySet':
      return [{ ...change, format: '', subject: '', name: '', value: data.new }];
    case 'SnapDenied':
    case 'SnapAllowed':
    case 'SnapUnlisted': {
      const { format, subject, name } = data;
      return [{ ...change, format, subject, name, value: data.new }];
    }
  }
}
