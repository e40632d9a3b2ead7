import type { ClientBase } from 'pg';
import type { EventEnvelope } from '#kernel';
import { DEFAULT_RING, rings, type RingCreated } from '#fleet/published';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection, ReadModelTable } from '#platform/projection';
import { emptyPolicy } from '../domain/release-policy/state.js';
import { buildMembership } from '../membership-document/build.js';
import { membershipBytes } from '../membership-document/document.js';
import { membershipNoteText } from '../membership-document/note.js';
import { ALL_RINGS, POLICY_DOCUMENTS } from '../read-models.js';
import { buildPolicy } from './build.js';
import { policyBytes } from './document.js';
import { FoldedPolicies, ringOf } from './folded-policies.js';
import { policyNoteText } from './note.js';

export interface PolicyDocumentPorts {
  readonly origin: string;
  /** Signs a note's text with the site's policy key; the whole note. */
  readonly sign: (text: string) => string;
  /** Base64 root of the ledger over the entries 0 to `position`. */
  readonly rootAt: (position: bigint) => string;
}

/**
 * The signed policy document of each ring, made anew whenever the ring's policy changes: what proxies obey. The first event of the
 * history gives the default ring its first, empty one; another ring has its own when it is created. A proxy is told by NOTIFY when the transaction commits.
 *
 * Beside them, in a row of its own under {@link ALL_RINGS}, who is in which ring: none before the first rule of membership.
 *
 * What is signed is folded in memory from events whose bytes are those of the ledger, never read back from a table: an edited row must
 * not come back as a signed one.
 */
export class PolicyDocumentProjection implements Projection {
  readonly name = POLICY_DOCUMENTS.name;
  readonly version = POLICY_DOCUMENTS.version;
  readonly tables: readonly ReadModelTable[] = [
    { name: 'policy_document_v1', readers: ['control', 'proxy'] },
  ];
  private readonly policies = new FoldedPolicies();

  constructor(private readonly ports: PolicyDocumentPorts) {}

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table policy_document_v1 (
        ring text primary key,
        position bigint not null,
        document bytea not null,
        note text not null
      );
    `);
  }

  recall(events: readonly PositionedEvent[]): void {
    this.policies.fold(events);
  }

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    this.policies.fold(events);
    const rows = [...changedRings(events)].map(([ring, position]) => [
      ring,
      position,
      ...this.signed(ring, position),
    ]);
    const membership = this.membershipChangedBy(events);
    if (membership !== undefined) rows.push([ALL_RINGS, membership, ...this.signedMembership(membership)]);
    for (const row of rows) {
      await tx.query(
        `insert into policy_document_v1 (ring, position, document, note) values ($1, $2, $3, $4)
         on conflict (ring) do update set position = excluded.position, document = excluded.document, note = excluded.note`,
        row,
      );
    }
  }

  async tell(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const told = [...changedRings(events).keys()];
    if (this.membershipChangedBy(events) !== undefined) told.push(ALL_RINGS);
    for (const ring of told) await tx.query(`select pg_notify('holdfast_policy', $1)`, [ring]);
  }

  /** The position of the last event that changes who is in which ring, or the order of rings while that says something. */
  private membershipChangedBy(events: readonly PositionedEvent[]): bigint | undefined {
    return events.findLast(
      ({ envelope: { type } }) =>
        MEMBERSHIP.has(type) || (type === 'RingCreated' && this.policies.hasMembers),
    )?.position;
  }

  private signedMembership(position: bigint): [document: Buffer, note: string] {
    const { origin, rootAt, sign } = this.ports;
    const at = { origin, position: String(position), root: rootAt(position) };
    const document = buildMembership(this.policies.membership, at);
    return [Buffer.from(membershipBytes(document)), sign(membershipNoteText(document))];
  }

  private signed(ring: string, position: bigint): [document: Buffer, note: string] {
    const { origin, rootAt, sign } = this.ports;
    const document = buildPolicy(this.policies.get(ring) ?? emptyPolicy, {
      origin,
      ring,
      position: String(position),
      root: rootAt(position),
    });
    return [Buffer.from(policyBytes(document)), sign(policyNoteText(document))];
  }
}

const MEMBERSHIP: ReadonlySet<string> = new Set(['MembershipRuleSet', 'MembershipRuleRemoved']);

/** Each ring that these events change, with the position of the last that does. */
function changedRings(events: readonly PositionedEvent[]): Map<string, bigint> {
  const changed = new Map<string, bigint>();
  for (const { position, envelope } of events) {
    const ring = ringChangedBy(envelope);
    if (ring !== undefined) changed.set(ring, position);
  }
  return changed;
}

function ringChangedBy(envelope: EventEnvelope): string | undefined {
  if (envelope.type === 'SiteFounded') return DEFAULT_RING;
  if (envelope.type === 'RingCreated') return domainEvent<RingCreated>(rings, envelope).data.ring;
  return ringOf(envelope.stream);
}
