import type pg from 'pg';
import { smallPool } from '#platform/database/small-pool';

/** Longer than any session lasts. */
const KEPT_HOURS = 24;

/**
 * When sessions were used last, in `identity.session_use`, which all controls share. It is no part of the history: there would be an event for every
 * request. A session without a row was not used since it began.
 */
export class SessionUseStore {
  private readonly pool: pg.Pool;

  /** @param url of the database, with control's role */
  constructor(url: string) {
    this.pool = smallPool(url);
  }

  /** RFC 3339, UTC; null: it is not known. */
  async lastUse(session: string): Promise<string | null> {
    const select = 'select used_at from identity.session_use where session = $1';
    const { rows } = await this.pool.query<{ used_at: Date }>(select, [session]);
    return rows[0]?.used_at.toISOString() ?? null;
  }

  /** @param at RFC 3339, UTC; one before what is known changes nothing @returns what is known from now on */
  async used(session: string, at: string): Promise<string> {
    const { rows } = await this.pool.query<{ used_at: Date }>(USED, [session, at, KEPT_HOURS]);
    return rows[0]?.used_at.toISOString() ?? at;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** Several controls remove at the same moment, each what no other is at. */
const USED = `
with gone as (
  delete from identity.session_use where session in (
    select session from identity.session_use where used_at < $2::timestamptz - $3 * interval '1 hour' limit 100 for update skip locked
  )
)
insert into identity.session_use as known (session, used_at) values ($1, $2)
on conflict (session) do update set used_at = greatest(known.used_at, excluded.used_at)
returning used_at`;
