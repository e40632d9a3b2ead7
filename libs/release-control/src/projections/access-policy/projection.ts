import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { Access, Listing, PublisherChanges } from '../../access.js';
import type { ReleasePolicyEvent } from '../../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { ACCESS_POLICY } from '../../read-models.js';

/**
 * What a ring's access policy is, what it does about publishers, which snaps it denies, allows and has blocked, and what that was at a position: rows
 * carry from and to. What is of the ring itself has an empty subject, and no row before it was first set.
 */
export const accessPolicyProjection: Projection = {
  ...ACCESS_POLICY,
  tables: [{ name: 'access_policy_v2', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table access_policy_v2 (
        ring text not null,
        what text not null,
        format text not null,
        subject text not null,
        name text not null,
        value text not null,
        change_request text not null,
        from_position bigint not null,
        from_at timestamptz not null,
        to_position bigint,
        because text,
        primary key (ring, what, format, subject, from_position)
      );
      create index access_policy_v2_in_force on access_policy_v2 (ring, what, name) where to_position is null;
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const change of events.flatMap(changeOf)) {
      const { ring, what, format, subject, position } = change;
      await tx.query(
        `update access_policy_v2 set to_position = $5
         where ring = $1 and what = $2 and format = $3 and subject = $4 and to_position is null`,
        [ring, what, format, subject, position],
      );
      if (change.value === null) continue;
      await tx.query(`insert into access_policy_v2 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10)`, [
        ring,
        what,
        format,
        subject,
        change.name,
        change.value,
        change.changeRequest,
        position,
        change.at,
        change.because,
      ]);
    }
  },
};

interface Change {
  readonly ring: string;
  readonly what: 'access' | 'publisher-changes' | 'listing' | 'block';
  /** Of the ring itself, empty, as is the subject. */
  readonly format: string;
  readonly subject: string;
  readonly name: string;
  readonly value: Access | PublisherChanges | Listing | 'blocked' | null;
  readonly changeRequest: string;
  readonly position: string;
  readonly at: string;
  /** The type of the event that a snap was blocked for last. */
  readonly because: string | null;
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
    because: null,
  };
  const ofTheRing = { format: '', subject: '', name: '' };
  switch (type) {
    case 'OverrideSet':
    case 'OverrideRemoved':
    case 'ApprovalPolicySet':
      return [];
    case 'AccessPolicySet':
      return [{ ...change, ...ofTheRing, what: 'access', value: data.new }];
    case 'PublisherChangesSet':
      return [{ ...change, ...ofTheRing, what: 'publisher-changes', value: data.new }];
    case 'SnapDenied':
    case 'SnapAllowed':
    case 'SnapUnlisted': {
      const { format, subject, name } = data;
      return [{ ...change, format, subject, name, what: 'listing', value: data.new }];
    }
    case 'SnapBlocked':
    case 'SnapUnblocked': {
      const { format, subject, name } = data;
      const because = type === 'SnapBlocked' ? data.because.type : null;
      return [{ ...change, format, subject, name, what: 'block', value: data.new, because }];
    }
  }
}
