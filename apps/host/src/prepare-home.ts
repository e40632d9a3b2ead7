import { mkdir } from 'node:fs/promises';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import type { HostConfig } from './config.js';
import { HomeLock } from './home-lock.js';
import { Home } from './home.js';
import { keyFiles } from './key-files.js';
import { prepare, type Prepared } from './prepare.js';
import type { PreparedSite } from './server-folders.js';

/** {@link prepare} by itself, and then `more`, with the server from npm started for as long as it takes. */
export async function prepareHome(
  { home: folder, databaseUrl, eventStoreUrl, origin, zone }: HostConfig,
  env: Readonly<Record<string, string | undefined>>,
  more: (site: PreparedSite) => Promise<void> = () => Promise.resolve(),
): Promise<Prepared> {
  const home = new Home(folder);
  await mkdir(home.folder, { recursive: true });
  const lock = await HomeLock.take(home.folder);
  try {
    const keys = keyFiles(home, env);
    const options = { home, keys, zone, eventStoreUrl, ...(origin === undefined ? {} : { origin }) };
    const prepareAt = async (ownerUrl: string): Promise<Prepared> => {
      const prepared = await prepare({ ...options, ownerUrl });
      await more({ home, keys, prepared, ownerUrl });
      return prepared;
    };
    if (databaseUrl !== undefined) return await prepareAt(databaseUrl);
    const server = await EmbeddedPostgres.start({
      folder: home.pg(),
      passwordFile: home.secret('database-owner'),
    });
    try {
      return await prepareAt(server.ownerUrl);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}
