import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import { entityTagOf } from '#audit-trail/published';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { CLOCK, READ_MODELS } from '#platform/tokens';

export type NodeState = 'invited' | 'enrolled' | 'silent' | 'expired' | 'forked' | 'retired';

/** A proxy, and what it said of itself last; that is null before its first heartbeat. Times: RFC 3339, UTC. */
export interface NodeLine {
  readonly name: string;
  readonly state: NodeState;
  /** A batch of records is missing before those that it offered. */
  readonly recordsMissing: boolean;
  readonly enrolledAt: string | null;
  /** Of an invitation that was not taken yet. */
  readonly tokenExpiresAt: string | null;
  /** By the server's clock. */
  readonly lastHeardAt: string | null;
  /** How much the node's clock was ahead of the server's then. */
  readonly clockAheadMs: number | null;
  readonly version: string | null;
  readonly ring: string | null;
  readonly policyPosition: string | null;
  /** Records that it had still to hand over. */
  readonly backlog: number | null;
  readonly backlogSince: string | null;
  /** Ed25519, base64. */
  readonly publicKey: string | null;
  /** Null also for a key that was given no end. */
  readonly keyExpiresAt: string | null;
  /** As `If-Match` takes it. */
  readonly etag: string;
}

export interface NodePage {
  readonly nodes: readonly NodeLine[];
  readonly next: string | null;
}

export class ListNodes extends Query<NodePage> {
  constructor(readonly filter: { readonly after?: string | undefined; readonly limit: number }) {
    super();
  }
}

@QueryHandler(ListNodes)
export class ListNodesHandler implements IQueryHandler<ListNodes> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ filter: { after = '', limit } }: ListNodes): Promise<NodePage> {
    const rows = await this.readModels.query<NodeLine>(NODES, [after, limit + 1, this.clock.now()]);
    const page = pageOf('nodes', rows, limit, ({ name }) => name);
    return { nodes: page.rows, next: page.next };
  }
}

const NODES = `
select node.name,
  case when node.status <> 'enrolled' then node.status when node.trouble = 'fork' then 'forked'
    when node.key_expires_at <= $3::timestamptz then 'expired' when node.silent_since is not null then 'silent' else 'enrolled' end as state,
  node.trouble is not distinct from 'gap' as "recordsMissing",
  ${utc('node.enrolled_at')} as "enrolledAt", ${utc('node.token_expires_at')} as "tokenExpiresAt",
  ${utc('heard.heard_at')} as "lastHeardAt",
  round(extract(epoch from heard.sent_at - heard.heard_at) * 1000)::float8 as "clockAheadMs",
  heard.version, heard.ring, heard.policy_position as "policyPosition", heard.backlog,
  ${utc('heard.backlog_since')} as "backlogSince", node.public_key as "publicKey",
  ${utc('node.key_expires_at')} as "keyExpiresAt", ${entityTagOf(`'node/' || node.name`)} as etag
from read.node_v2 as node left join fleet.heartbeat as heard on heard.node = node.name
where node.name > $1 order by node.name limit $2`;
