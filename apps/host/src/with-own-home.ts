import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import type { HostConfig } from './config.js';
import { HomeLock } from './home-lock.js';
import { Home } from './home.js';

/**
 * The home and its database for ourselves alone, for as long as `use` takes: the server from npm is started for it, unless DATABASE_URL
 * names another one.
 * @throws Error with a sentence, when another process holds the home
 */
export async function withOwnHome<Result>(
  { home: folder, databaseUrl }: Pick<HostConfig, 'home' | 'databaseUrl'>,
  use: (home: Home, ownerUrl: string) => Promise<Result>,
): Promise<Result> {
  const home = new Home(folder);
  const lock = await HomeLock.take(home.folder);
  try {
    if (databaseUrl !== undefined) return await use(home, databaseUrl);
    const server = await EmbeddedPostgres.start({
      folder: home.pg(),
      passwordFile: home.secret('database-owner'),
    });
    try {
      return await use(home, server.ownerUrl);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}
