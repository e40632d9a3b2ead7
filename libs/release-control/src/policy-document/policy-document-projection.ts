import type { ClientBase } from 'pg';
import { sha256Hex, type EventEnvelope } from '#kernel';
import { DEFAULT_RING, rings, type RingCreated, type StreamHistory } from '#fleet/published';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection, ReadModelTable } from '#platform/projection';
import { emptyPolicy } from '../domain/release-policy/state.js';
import { buildMembership } from '../membership-document/build.js';
import { listsOf } from '../membership-document/lists-of.js';
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
  /** Where the devices of lists are read back from. */
  readonly history: StreamHistory;
}

/** For whoever asks a projection for its name and tables alone: nothing is folded, and nothing signed. */
export const FOR_ITS_NAME: PolicyDocumentPorts = {
  origin: '',
  sign: String,
  rootAt: String,
  history: {
    readStream: () => {
      throw new Error('nothing is folded here, so that nothing is read back');
    },
  },
};

/**
 * The signed policy document of each ring, made anew whenever the ring's policy changes: what proxies obey. The first event of the
 * history gives the default ring its first, empty one; another ring has its own when it is created. A proxy is told by NOTIFY when the transaction commits.
 *
 * Beside them, in a row of its own under {@link ALL_RINGS}, who is in which ring: from the first event on, with no rule in it at first. A proxy that
 * finds none serves nobody, so that a deleted row opens no ring.
 *
 * What is signed is folded in memory from events whose bytes are those of the ledger, never read back from a table: an edited row must
 * not come back as a signed one. The devices of lists alone are read back, from the event store, and compared with the digest that was folded.
 */
export class PolicyDocumentProjection implements Projection {
  readonly name = POLICY_DOCUMENTS.name;
  readonly version = POLICY_DOCUMENTS.version;
  readonly tables: readonly ReadModelTable[] = [
    { name: 'policy_document_v1', readers: ['control', 'proxy'] },
  ];
  private readonly policies = new FoldedPolicies();
  /** Which rows there are to be, each of the position of the last event that changed it. */
  private readonly rows = new Map<string, bigint>();
  /** What each row is to be: a long document is not made again to be compared. */
  private readonly compared = new Map<string, { readonly position: bigint; readonly text: string }>();

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
    this.fold(events);
  }

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const [row, position] of this.fold(events)) await this.write(tx, row, position);
  }

  async tell(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    for (const row of changedRows(events).keys()) await notify(tx, row);
  }

  /**
   * A row that is missing, of an older position or altered is written as it was decided: a database that somebody edited or that lost one, and a history that an
   * earlier release projected, which wrote no membership document before the first rule.
   */
  async mend(tx: ClientBase, next: bigint): Promise<readonly string[]> {
    if (this.policies.next !== next) return [];
    const { rows } = await tx.query<{ ring: string; position: string; digest: string; note: string }>(
      `select ring, position::text, encode(sha256(document), 'hex') as digest, note from policy_document_v1`,
    );
    const stands = new Map(rows.map((row) => [row.ring, `${row.position} ${row.digest} ${row.note}`]));
    const mended: string[] = [];
    for (const [row, position] of this.rows) {
      if (stands.get(row) === (await this.standingAs(row, position))) continue;
      await this.write(tx, row, position);
      await notify(tx, row);
      mended.push(row === ALL_RINGS ? 'who is in which ring' : `ring ${row}`);
    }
    return mended;
  }

  /** @returns the rows that these change, each with its position from now on */
  private fold(events: readonly PositionedEvent[]): ReadonlyMap<string, bigint> {
    this.policies.fold(events);
    const changed = changedRows(events);
    for (const [row, position] of changed)
      if (position > (this.rows.get(row) ?? -1n)) this.rows.set(row, position);
    return changed;
  }

  private async write(tx: ClientBase, row: string, position: bigint): Promise<void> {
    const { sign } = this.ports;
    const { bytes, text } = await this.documentOf(row, position);
    await tx.query(
      `insert into policy_document_v1 (ring, position, document, note) values ($1, $2, $3, $4)
       on conflict (ring) do update set position = excluded.position, document = excluded.document, note = excluded.note`,
      [row, position, Buffer.from(bytes), sign(text)],
    );
  }

  /** Its position, the SHA-256 of its document, and its note. */
  private async standingAs(row: string, position: bigint): Promise<string> {
    const known = this.compared.get(row);
    if (known?.position === position) return known.text;
    const document = await this.documentOf(row, position);
    const text = `${position} ${sha256Hex(document.bytes)} ${this.ports.sign(document.text)}`;
    this.compared.set(row, { position, text });
    return text;
  }

  /** Its bytes, and the text of the note that is signed. */
  private async documentOf(
    row: string,
    position: bigint,
  ): Promise<{ readonly bytes: Uint8Array; readonly text: string }> {
    const { origin, rootAt, history } = this.ports;
    const at = { origin, position: String(position), root: rootAt(position) };
    if (row === ALL_RINGS) {
      const { members } = this.policies;
      const lists = await listsOf(members, (list) => this.policies.list(list), history);
      const membership = buildMembership({ ...members, lists }, at);
      return { bytes: membershipBytes(membership), text: membershipNoteText(membership) };
    }
    const policy = buildPolicy(this.policies.get(row) ?? emptyPolicy, { ...at, ring: row });
    return { bytes: policyBytes(policy), text: policyNoteText(policy) };
  }
}

const MEMBERSHIP: ReadonlySet<string> = new Set([
  'SiteFounded',
  'RingCreated',
  'MembershipRuleSet',
  'MembershipRuleRemoved',
]);

/** Each row that these events change, by the ring whose policy it is or {@link ALL_RINGS}, with the position of the last that does. */
function changedRows(events: readonly PositionedEvent[]): ReadonlyMap<string, bigint> {
  const changed = new Map<string, bigint>();
  for (const { position, envelope } of events) {
    const ring = ringChangedBy(envelope);
    if (ring !== undefined) changed.set(ring, position);
    if (MEMBERSHIP.has(envelope.type)) changed.set(ALL_RINGS, position);
  }
  return changed;
}

async function notify(tx: ClientBase, row: string): Promise<void> {
  await tx.query(`select pg_notify('holdfast_policy', $1)`, [row]);
}

function ringChangedBy(envelope: EventEnvelope): string | undefined {
  if (envelope.type === 'SiteFounded') return DEFAULT_RING;
  if (envelope.type === 'RingCreated') return domainEvent<RingCreated>(rings, envelope).data.ring;
  return ringOf(envelope.stream);
}
