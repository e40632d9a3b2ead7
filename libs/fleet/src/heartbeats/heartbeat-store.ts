import type pg from 'pg';
import { smallPool } from '#platform/database/small-pool';
import type { Heartbeat } from './heartbeat.js';

/** The last heartbeat of each node, in `fleet.heartbeat`. */
export class HeartbeatStore {
  private readonly pool: pg.Pool;

  /** @param url of the database, with control's role */
  constructor(url: string) {
    this.pool = smallPool(url);
  }

  /**
   * @param heardAt by the server's clock, RFC 3339
   * @returns undefined when it was taken; else the stamp that a heartbeat must be above
   */
  async take(heartbeat: Heartbeat, heardAt: string): Promise<string | undefined> {
    const { node, stamp, at, version, ring, policyPosition, backlog, backlogSince } = heartbeat;
    const taken = await this.pool.query(TAKE, [
      node,
      stamp,
      heardAt,
      at,
      version,
      policyPosition,
      backlog,
      backlogSince,
      ring ?? null,
    ]);
    if (taken.rowCount === 1) return undefined;
    const { rows } = await this.pool.query<{ stamp: string }>(
      'select stamp::text from fleet.heartbeat where node = $1',
      [node],
    );
    return rows[0]?.stamp;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

const TAKE = `
insert into fleet.heartbeat as known (node, stamp, heard_at, sent_at, version, policy_position, backlog, backlog_since, ring)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (node) do update set stamp = excluded.stamp, heard_at = excluded.heard_at, sent_at = excluded.sent_at,
  version = excluded.version, policy_position = excluded.policy_position, backlog = excluded.backlog,
  backlog_since = excluded.backlog_since, ring = excluded.ring
where known.stamp < excluded.stamp`;
