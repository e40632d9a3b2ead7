import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { TokenEvent } from '../../domain/token/events.js';
import { token, tokenStream } from '../../domain/token/token.js';
import { TOKENS } from '../../read-models.js';

/** Which tokens are there, whose are they, what are they for, and when did one last do something? */
export const tokensProjection: Projection = {
  ...TOKENS,
  tables: [{ name: 'token_v1', readers: ['control'] }],

  async createTables(tx: ClientBase): Promise<void> {
    await tx.query(`
      create table token_v1 (
        id uuid primary key,
        name text not null,
        owner uuid not null,
        standing_reason jsonb not null,
        scope jsonb not null,
        expires_at timestamptz not null,
        issued_position bigint not null,
        issued_at timestamptz not null,
        revoked_at timestamptz,
        used_position bigint,
        used_at timestamptz)`);
  },

  async apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void> {
    const { issued, changed } = rowsOf(events);
    if (issued.length > 0) {
      await tx.query('insert into token_v1 select * from json_populate_recordset(null::token_v1, $1)', [
        JSON.stringify(issued),
      ]);
    }
    if (changed.length > 0) {
      await tx.query(
        `update token_v1 as known set
           revoked_at = coalesce(now.revoked_at, known.revoked_at),
           used_position = coalesce(now.used_position, known.used_position),
           used_at = coalesce(now.used_at, known.used_at)
         from json_populate_recordset(null::token_v1, $1) as now where known.id = now.id`,
        [JSON.stringify(changed)],
      );
    }
  },
};

const PREFIX = tokenStream('');

interface Changed {
  readonly id: string;
  revoked_at?: string;
  used_position?: string;
  used_at?: string;
}

/** What was issued by these events, and what happened to any token in them: a column for each thing, the last one of it. */
function rowsOf(events: readonly PositionedEvent[]): { issued: object[]; changed: Changed[] } {
  const issued: object[] = [];
  const changed = new Map<string, Changed>();
  const of = (id: string): Changed => {
    const known = changed.get(id) ?? { id };
    changed.set(id, known);
    return known;
  };
  for (const { position, envelope } of events) {
    const { stream, actor, at } = envelope;
    if (actor.kind === 'token') Object.assign(of(actor.id), { used_position: String(position), used_at: at });
    if (!stream.startsWith(PREFIX)) continue;
    const id = stream.slice(PREFIX.length);
    const event = domainEvent<TokenEvent>(token, envelope);
    switch (event.type) {
      case 'TokenIssued': {
        const { name, owner, standingReason, scope, expiresAt } = event.data;
        issued.push({
          id,
          name,
          owner: owner.id,
          standing_reason: standingReason,
          scope,
          expires_at: expiresAt,
          issued_position: String(position),
          issued_at: at,
        });
        break;
      }
      case 'TokenRevoked':
        of(id).revoked_at = at;
        break;
    }
  }
  return { issued, changed: [...changed.values()] };
}
