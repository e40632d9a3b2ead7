import type { ClientBase } from 'pg';
import { actorName } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { Access, Listing, PublisherChanges } from '../../access.js';
import type { ReleasePolicyEvent } from '../../domain/release-policy/events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { ACCESS_POLICY } from '../../read-models.js';

/**
 * What a ring's access policy is, what it does about publishers, which snaps it denies, allows and has blocked, what is halted, and what that was at a
 * position: rows carry from and to. What is of the ring itself has an empty subject, and no row before it was first set. A halt has no change request.
 */
export const accessPolicyProjection: Projection = {
  ...ACCESS_POLICY,
  tables: [{ name: 'access_policy_v3', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table access_policy_v3 (
        ring text not null,
        what text not null,
        format text not null,
        subject text not null,
        name text not null,
        value text not null,
        change_request text,
        from_position bigint not null,
        from_at timestamptz not null,
        to_position bigint,
        because text,
        halted_by text,
        primary key (ring, what, format, subject, from_position)
      );
      create index access_policy_v3_in_force on access_policy_v3 (ring, what, name) where to_position is null;
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const change of events.flatMap(changeOf)) {
      const { ring, what, format, subject, position } = change;
      // A halt stands beside those before it; to resume ends all of them.
      if (what !== 'halt' || change.value === null)
        await tx.query(
          `update access_policy_v3 set to_position = $5
           where ring = $1 and what = $2 and format = $3 and subject = $4 and to_position is null`,
          [ring, what, format, subject, position],
        );
      if (change.value === null) continue;
      await tx.query(
        `insert into access_policy_v3 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10, $11)`,
        [
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
          change.haltedBy,
        ],
      );
    }
  },
};

interface Change {
  readonly ring: string;
  readonly what: 'access' | 'publisher-changes' | 'listing' | 'block' | 'halt';
  /** Of the ring itself, empty, as is the subject. */
  readonly format: string;
  readonly subject: string;
  readonly name: string;
  readonly value: Access | PublisherChanges | Listing | 'blocked' | 'halted' | null;
  readonly changeRequest: string | null;
  readonly position: string;
  readonly at: string;
  /** The type of the event that a snap was blocked for last; of a halt, why. */
  readonly because: string | null;
  /** Who halted. */
  readonly haltedBy: string | null;
}

const STREAM_PREFIX = releasePolicyStream('');

/** A few a year, so that each is written by itself. */
function changeOf({ position, envelope }: PositionedEvent): Change[] {
  if (!envelope.stream.startsWith(STREAM_PREFIX)) return [];
  const { type, data } = domainEvent<ReleasePolicyEvent>(releasePolicy, envelope);
  const change = {
    ring: envelope.stream.slice(STREAM_PREFIX.length),
    changeRequest: 'changeRequest' in data ? data.changeRequest : null,
    position: String(position),
    at: envelope.at,
    because: null,
    haltedBy: null,
  };
  const halt = { what: 'halt', value: 'halted', because: envelope.reason.text } as const;
  const ofTheRing = { format: '', subject: '', name: '' };
  switch (type) {
    case 'OverrideSet':
    case 'OverrideRemoved':
    case 'ApprovalPolicySet':
    case 'EmergencyApplied':
    case 'MembershipRuleSet':
    case 'MembershipRuleRemoved':
    case 'TemplateSet':
    case 'TemplateWithdrawn':
    case 'TemplateUsed':
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
    case 'RingHalted':
      return [{ ...change, ...ofTheRing, ...halt, haltedBy: actorName(envelope.actor) }];
    case 'RingResumed':
      return [{ ...change, ...ofTheRing, what: 'halt', value: null }];
    case 'SnapHalted':
    case 'SnapResumed': {
      const { format, subject, name } = data;
      const snap = { ...change, format, subject, name };
      return type === 'SnapHalted'
        ? [{ ...snap, ...halt, haltedBy: actorName(envelope.actor) }]
        : [{ ...snap, what: 'halt', value: null }];
    }
  }
}
