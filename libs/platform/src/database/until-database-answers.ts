import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { sentenceOf } from '#kernel';
import type { Readiness } from '../health/readiness.js';
import type { Logger } from '../logging/logger.js';
import { mayPass } from './passing-errors.js';

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
    if (!mayPass(error)) throw error;
    return sentenceOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
