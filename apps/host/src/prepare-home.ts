import { mkdir } from 'node:fs/promises';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import type { HostConfig } from './config.js';
import { HomeLock } from './home-lock.js';
import { Home } from './home.js';
import { keyFiles } from './key-files.js';
import { prepare, type Prepared } from './prepare.js';

/** {@link prepare} by itself, with the server from npm started for as long as it takes. */
export async function prepareHome(
  { home: folder, databaseUrl, origin, zone }: HostConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Prepared> {
  const home = new Home(folder);
  await mkdir(home.folder, { recursive: true });
  const lock = await HomeLock.take(home.folder);
  try {
    const options = { home, keys: keyFiles(home, env), zone, ...(origin === undefined ? {} : { origin }) };
    if (databaseUrl !== undefined) return await prepare({ ...options, ownerUrl: databaseUrl });
    const server = await EmbeddedPostgres.start({
      folder: home.pg(),
      passwordFile: home.secret('database-owner'),
    });
    try {
      return await prepare({ ...options, ownerUrl: server.ownerUrl });
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}
