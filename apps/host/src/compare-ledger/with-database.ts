import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import type { HostConfig } from '../config.js';
import { HomeLock } from '../home-lock.js';
import { Home } from '../home.js';

type Where = Pick<HostConfig, 'home' | 'databaseUrl'>;

/** Whether settings or home name one. */
export async function hasDatabase({ home, databaseUrl }: Where): Promise<boolean> {
  if (databaseUrl !== undefined) return true;
  const made = await stat(path.join(new Home(home).pg(), 'data', 'PG_VERSION')).catch(() => undefined);
  return made !== undefined;
}

/**
 * The site's database for as long as `use` takes: the one that DATABASE_URL names, or the home's own, whether its site is up or not.
 * @throws Error with a sentence when the home has no database: looking at one must not make one
 */
export async function withDatabase<Result>(
  where: Where,
  use: (ownerUrl: string) => Promise<Result>,
): Promise<Result> {
  if (where.databaseUrl !== undefined) return use(where.databaseUrl);
  const home = new Home(where.home);
  if (!(await hasDatabase(where)))
    throw new Error(`${home.folder} has no database; name another one by DATABASE_URL`);
  // Held by others: their server runs, is adopted, and is left running.
  const lock = await HomeLock.take(home.folder).catch(() => undefined);
  try {
    const server = await EmbeddedPostgres.start({
      folder: home.pg(),
      passwordFile: home.secret('database-owner'),
    });
    try {
      return await use(server.ownerUrl);
    } finally {
      if (lock !== undefined || !server.adopted) await server.stop();
    }
  } finally {
    await lock?.release();
  }
}
