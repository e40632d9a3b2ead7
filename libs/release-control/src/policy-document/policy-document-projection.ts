import type { ClientBase } from 'pg';
import { decodeEvent } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import {
  DEFAULT_RING,
  emptyPolicy,
  releasePolicy,
  releasePolicyStream,
  type ReleasePolicy,
  type ReleasePolicyEvent,
} from '../domain/release-policy/release-policy.js';
import { buildPolicy } from './build.js';
import { policyBytes } from './document.js';
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
 * history gives the default ring its first, empty one. A proxy is told by NOTIFY when the transaction commits.
 */
export class PolicyDocumentProjection implements Projection {
  readonly name = 'policy-document';
  readonly version = 1;

  constructor(private readonly ports: PolicyDocumentPorts) {}

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table if not exists read.policy_document_v1 (
        ring text primary key,
        position bigint not null,
        document bytea not null,
        note text not null
      );
      create table if not exists read.policy_event_v1 (
        ring text not null,
        position bigint not null,
        bytes bytea not null,
        primary key (ring, position)
      );
      grant select on read.policy_document_v1 to holdfast_control, holdfast_proxy;
    `);
  }

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const changed = new Map<string, bigint>();
    for (const { position, envelope, bytes } of events) {
      if (envelope.type === 'SiteFounded') changed.set(DEFAULT_RING, position);
      const ring = ringOf(envelope.stream);
      if (ring === undefined) continue;
      changed.set(ring, position);
      await tx.query('insert into read.policy_event_v1 (ring, position, bytes) values ($1, $2, $3)', [
        ring,
        position,
        bytes,
      ]);
    }
    for (const [ring, position] of changed) await this.publish(tx, ring, position);
  }

  private async publish(tx: ClientBase, ring: string, position: bigint): Promise<void> {
    const { origin, rootAt, sign } = this.ports;
    const policy = await foldPolicy(tx, ring);
    const document = buildPolicy(policy, {
      origin,
      ring,
      position: String(position),
      root: rootAt(position),
    });
    await tx.query(
      `insert into read.policy_document_v1 (ring, position, document, note) values ($1, $2, $3, $4)
       on conflict (ring) do update set position = excluded.position, document = excluded.document, note = excluded.note`,
      [ring, position, Buffer.from(policyBytes(document)), sign(policyNoteText(document))],
    );
    await tx.query(`select pg_notify('holdfast_policy', $1)`, [ring]);
  }
}

/** Folded from the events' exact bytes, kept by this projection: never from rows that another one made. */
async function foldPolicy(tx: ClientBase, ring: string): Promise<ReleasePolicy> {
  const { rows } = await tx.query<{ bytes: Buffer }>(
    'select bytes from read.policy_event_v1 where ring = $1 order by position',
    [ring],
  );
  return rows.reduce(
    (policy, { bytes }) =>
      releasePolicy.evolve(policy, domainEvent<ReleasePolicyEvent>(releasePolicy, decodeEvent(bytes))),
    emptyPolicy,
  );
}

const STREAM_PREFIX = releasePolicyStream('');

function ringOf(stream: string): string | undefined {
  return stream.startsWith(STREAM_PREFIX) ? stream.slice(STREAM_PREFIX.length) : undefined;
}
