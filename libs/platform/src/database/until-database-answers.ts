import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Readiness } from '../health/readiness.js';
import type { Logger } from '../logging/logger.js';

/**
 * What a server that is there says of reasons that pass: not up yet or going down (57P), no room (53), a connection that broke (08). What
 * else it says (a wrong password, no such database) does not pass by waiting.
 */
const PASSES = /^(57P0[12345]|53...|08...)$/;
const PAUSE_MS = 500;

/**
 * Waits, for however long, until a database answers. A server that starts without its database is alive and says what it waits for; one that
 * ended instead would be started again at ever longer intervals, and come late when the database is back.
 * @throws Error that waiting would not help against
 */
export async function untilDatabaseAnswers(
  databaseUrl: string,
  readiness: Readiness,
  logger: Logger,
): Promise<void> {
  const database = readiness.expect('database', 'it has not been asked yet');
  for (let told = false; ; told = true) {
    const why = await away(databaseUrl);
    if (why === undefined) break;
    database.waiting(why);
    if (!told) logger.warn({ why }, 'the database cannot be reached; it is waited for');
    await delay(PAUSE_MS);
  }
  database.met();
}

async function away(databaseUrl: string): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  // Without a listener a connection that breaks between two calls would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    if (error instanceof pg.DatabaseError && !PASSES.test(error.code ?? '')) throw error;
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
