import pg from 'pg';
import { decodeEvent, sentenceOf } from '#kernel';
import { migrationState } from '#platform/database/migration-state';
import { DATABASE_ROLES, roleName, roleUrl } from '#platform/database/role-url';
import { fail, ok, warn, type Finding } from '../finding.js';

const CONNECT_MS = 5_000;
const PREPARE = 'run "holdfast prepare" with this release, with the site stopped';

/** A connection for as long as `use` takes. */
export async function connected<Result>(
  url: string,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks fails the query; unheard, its event would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Prepared for this release: neither behind it nor ahead. */
export async function checkMigrations(client: pg.Client): Promise<Finding> {
  const check = 'database: prepared';
  const state = await migrationState(client);
  switch (state.kind) {
    case 'prepared':
      return ok(check, 'it has what this release needs');
    case 'empty':
      return fail(check, 'it holds no site', 'run "holdfast up" or "holdfast prepare", or restore a backup');
    case 'behind':
      return fail(check, `it lacks this release's migration “${state.missing}”`, PREPARE);
    case 'ahead': {
      const says = `it has a migration that this release does not know, “${state.unknown}”`;
      return fail(check, says, 'run the release that prepared it, or a later one');
    }
  }
}

/** Each server's role can log in with the password that the site key gives. @param siteKey undefined when it is lost */
export function checkRoles(ownerUrl: string, siteKey: Buffer | undefined): Promise<Finding[]> {
  return Promise.all(
    DATABASE_ROLES.map(async (role) => {
      const check = `database: role ${roleName(role)}`;
      if (siteKey === undefined)
        return fail(
          check,
          'its password derives from the site key, which cannot be read',
          'bring the site key back',
        );
      try {
        await connected(roleUrl(ownerUrl, role, siteKey), (client) => client.query('select 1'));
        return ok(check, 'it can log in');
      } catch (error) {
        const todo = 'run "holdfast prepare": it makes the roles, and sets their passwords';
        return fail(check, `it cannot log in: ${sentenceOf(error)}`, todo);
      }
    }),
  );
}

const SKEW_WARN_MS = 2_000;
const SKEW_FAIL_MS = 60_000;

/** Our clock against the database's: every event carries ours. */
export async function checkDatabaseClock(client: pg.Client): Promise<Finding> {
  const before = Date.now();
  const { rows } = await client.query<{ ms: string }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms',
  );
  const after = Date.now();
  const theirs = Number(rows[0]?.ms);
  // It was read somewhere between: only what lies outside is a difference.
  return judgeSkew(theirs < before ? theirs - before : Math.max(0, theirs - after));
}

/** @param ms by how much the database's clock is ahead of ours */
export function judgeSkew(ms: number): Finding {
  const check = 'clock: database';
  const says = `the database's clock is ${Math.abs(ms) / 1000} s ${ms < 0 ? 'behind' : 'ahead of'} ours`;
  const todo = 'set both by the same time server (chrony, systemd-timesyncd)';
  if (Math.abs(ms) >= SKEW_FAIL_MS) return fail(check, says, todo);
  return Math.abs(ms) >= SKEW_WARN_MS ? warn(check, says, todo) : ok(check, says);
}

/** Our clock against the newest event: one from the future means that the clock was set back. */
export async function checkNewestEvent(client: pg.Client, now: number): Promise<Finding> {
  const check = 'clock: newest event';
  const { rows } = await client.query<{ position: string; bytes: Buffer }>(
    'select e.position::text, e.bytes from events.event e order by e.position desc limit 1',
  );
  const newest = rows[0];
  if (newest === undefined) return warn(check, 'there is no event yet', 'run "holdfast prepare"');
  const { at } = decodeEvent(newest.bytes);
  const says = `the newest event, at position ${newest.position}, is of ${at}`;
  if (Date.parse(at) <= now + SKEW_WARN_MS) return ok(check, says);
  const todo = 'set the clock right before anything else is decided: times in the history would go backwards';
  return fail(check, `${says}, which our clock has not reached: was it set back?`, todo);
}
