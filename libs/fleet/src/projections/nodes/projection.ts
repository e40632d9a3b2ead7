import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { NodeEvent } from '../../domain/node/events.js';
import { node, nodeStream } from '../../domain/node/node.js';
import { NODES } from '../../read-models.js';

/** Which proxies are there, and in which state? When each was heard of last is in `fleet.heartbeat`. */
export const nodesProjection: Projection = {
  ...NODES,
  tables: [{ name: 'node_v2', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table node_v2 (
        name text primary key,
        status text not null,
        silent_since timestamptz,
        trouble text,
        invited_at timestamptz,
        token_expires_at timestamptz,
        enrolled_at timestamptz,
        retired_at timestamptz,
        public_key text,
        key_expires_at timestamptz
      );
    `);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const mine = Map.groupBy(
      events.filter(({ envelope }) => envelope.stream.startsWith(PREFIX)),
      ({ envelope }) => envelope.stream.slice(PREFIX.length),
    );
    if (mine.size === 0) return;
    const { rows } = await tx.query<Row>('select * from node_v2 where name = any($1)', [[...mine.keys()]]);
    const known = new Map(rows.map((row) => [row.name, row]));
    const changed = [...mine].map(([name, theirs]) =>
      theirs.reduce(rowAfter, known.get(name) ?? { ...NEW, name }),
    );
    await tx.query('delete from node_v2 where name = any($1)', [[...mine.keys()]]);
    await tx.query('insert into node_v2 select * from json_populate_recordset(null::node_v2, $1)', [
      JSON.stringify(changed),
    ]);
  },
};

const PREFIX = nodeStream('');

interface Row {
  readonly name: string;
  readonly status: 'invited' | 'enrolled' | 'retired';
  readonly silent_since: string | Date | null;
  /** `fork` or `gap`, once one was seen. */
  readonly trouble: 'fork' | 'gap' | null;
  readonly invited_at: string | Date | null;
  readonly token_expires_at: string | Date | null;
  readonly enrolled_at: string | Date | null;
  readonly retired_at: string | Date | null;
  readonly public_key: string | null;
  readonly key_expires_at: string | Date | null;
}

const NEW: Omit<Row, 'name'> = {
  status: 'invited',
  silent_since: null,
  trouble: null,
  invited_at: null,
  token_expires_at: null,
  enrolled_at: null,
  retired_at: null,
  public_key: null,
  key_expires_at: null,
};

function rowAfter(row: Row, { envelope }: PositionedEvent): Row {
  const event = domainEvent<NodeEvent>(node, envelope);
  switch (event.type) {
    case 'NodeInvited':
      return { ...row, invited_at: envelope.at, token_expires_at: event.data.expiresAt };
    case 'NodeEnrolled':
      return {
        ...row,
        status: 'enrolled',
        enrolled_at: envelope.at,
        token_expires_at: null,
        public_key: event.data.publicKey,
        key_expires_at: event.data.keyExpiresAt ?? null,
      };
    case 'NodeKeyRenewed': {
      const { publicKey, keyExpiresAt } = event.data;
      return { ...row, public_key: publicKey, key_expires_at: keyExpiresAt, token_expires_at: null };
    }
    case 'NodeRetired':
      return { ...row, status: 'retired', retired_at: envelope.at, silent_since: null };
    case 'NodeHeardFrom':
    case 'NodeKeyEnding':
    case 'NodeKeyEnded':
      return row;
    case 'NodeFellSilent':
      return { ...row, silent_since: event.data.since };
    case 'NodeCameBack':
      return { ...row, silent_since: null };
    case 'NodeForkSeen':
      return { ...row, trouble: 'fork' };
    case 'NodeGapSeen':
      return { ...row, trouble: row.trouble ?? 'gap' };
  }
}
