import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { up, type Running, type UpOptions } from '#apps/host/src/up';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';

export interface Upstream {
  readonly url: string;
  /** Folder of the assertions that its chain ends at. */
  readonly trustRootsDir: string;
}

export interface TestSite extends Running {
  readonly home: string;
  /** What the servers printed so far. */
  readonly log: readonly string[];
  readonly database: { stop(): Promise<void>; start(): Promise<void> };
  /** kill -9; the supervisor starts it again. */
  kill(server: string): Promise<void>;
}

/**
 * A whole site of real processes, of what `npm run build` made, on free ports, with a PostgreSQL of its own that can be taken away.
 * @param settings more of them
 * @param more where it listens, when that has to be known before, and which programs its servers are
 */
export async function startSite(
  upstream: Upstream,
  settings: Readonly<Record<string, string>> = {},
  more: Pick<UpOptions, 'ports' | 'program'> = {},
): Promise<TestSite> {
  const home = await mkdtemp(join(tmpdir(), 'holdfast-site-'));
  const cluster = {
    folder: join(home, 'own-pg'),
    passwordFile: join(home, 'own-pg-password'),
    durable: false,
  };
  let postgres = await EmbeddedPostgres.start(cluster);
  const log: string[] = [];
  const running = await up({
    home,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.ownerUrl,
      HOLDFAST_UPSTREAM_URL: upstream.url,
      HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
      ...settings,
    },
    ...more,
    ports: { control: 0, proxy: 0, ...more.ports },
    log: (line) => log.push(line),
  }).catch(async (error: unknown) => {
    await postgres.stop();
    throw new Error(`the site did not start:\n${log.join('\n')}`, { cause: error });
  });
  return {
    ...running,
    home,
    log,
    database: {
      stop: () => postgres.stop(),
      start: async () => {
        postgres = await EmbeddedPostgres.start(cluster);
      },
    },
    kill: (server) => kill(home, server),
    stop: async () => {
      await running.stop();
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function kill(home: string, server: string): Promise<void> {
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [command, environment] = await Promise.all([
      readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${id}/environ`, 'utf8').catch(() => ''),
    ]);
    if (!command.includes(`apps/${server}/`) || !environment.includes(home)) continue;
    process.kill(Number(id), 'SIGKILL');
    while (await readlink(`/proc/${id}/exe`).catch(() => undefined)) await new Promise(setImmediate);
    return;
  }
  throw new Error(`${server} does not run`);
}
