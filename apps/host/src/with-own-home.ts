import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import type { HostConfig } from './config.js';
import { HomeLock } from './home-lock.js';
import { Home } from './home.js';

/**
 * The home and its database for ourselves alone, for as long as `use` takes. The server from npm is started when its URL is asked for, unless
 * DATABASE_URL names another one, and stopped at the end.
 * @throws Error with a sentence, when another process holds the home
 */
export async function withOwnHome<Result>(
  { home: folder, databaseUrl }: Pick<HostConfig, 'home' | 'databaseUrl'>,
  use: (home: Home, ownerUrl: () => Promise<string>) => Promise<Result>,
): Promise<Result> {
  const home = new Home(folder);
  const lock = await HomeLock.take(home.folder);
  let server: EmbeddedPostgres | undefined;
  const ownerUrl = async (): Promise<string> => {
    if (databaseUrl !== undefined) return databaseUrl;
    server ??= await EmbeddedPostgres.start({
      folder: home.pg(),
      passwordFile: home.secret('database-owner'),
    });
    return server.ownerUrl;
  };
  try {
    return await use(home, ownerUrl);
  } finally {
    try {
      await server?.stop();
    } finally {
      await lock.release();
    }
  }
}
