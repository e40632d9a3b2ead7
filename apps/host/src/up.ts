import { unlessAborted } from '#kernel';
import { makeSettingFolder } from '#platform/setting-folder';
import { EmbeddedDatabase } from './embedded-database.js';
import { HomeLock } from './home-lock.js';
import { Home } from './home.js';
import { welcome } from './invite-first-admin.js';
import { keyFiles, type KeyFiles } from './key-files.js';
import { prepareWhileServing, siteOnDisk } from './prepare-while-serving.js';
import { prepare, type PrepareOptions } from './prepare.js';
import type { ServerName } from './programs.js';
import { refuseWhileRestoring } from './restore/restore-marker.js';
import type { Urls } from './run-file.js';
import {
  saidAtStart,
  type Environment,
  type KnownSite,
  type Ports,
  type Surroundings,
} from './server-environment.js';
import { requireUsable, writeRunningSettings } from './site-settings.js';
import { requireOpened, writeSettingFiles } from './setting-files.js';
import { SiteServers } from './site-servers.js';

export interface UpOptions {
  /** The home's folder. */
  readonly home: string;
  /** `HOLDFAST_*` and `DATABASE_URL` are taken from it; nothing by default. */
  readonly env?: Environment;
  /** 0 takes a free port. */
  readonly ports?: Ports;
  /** Start the sandbox store, and take it for upstream. */
  readonly sandbox?: boolean;
  readonly onReady?: (urls: Urls) => void;
  /** The proxy serves devices, at this address; the other servers may not be there yet. */
  readonly onServing?: (proxy: string) => void;
  /** Aborted: whatever is being started is stopped. */
  readonly signal?: AbortSignal;
  /** Each line of each process, prefixed with its name. */
  readonly log?: (line: string) => void;
  /** Where a server's program is; for tests of the supervisor itself. */
  readonly program?: (server: ServerName) => string;
}

export interface Running {
  readonly urls: Urls;
  /** The database, with its owner's rights: for what runs on the host. */
  readonly ownerUrl: string;
  /** Stops all in order, and leaves nothing running. */
  stop(): Promise<void>;
}

const DEFAULT_ZONE = 'Etc/UTC';

/**
 * Starts PostgreSQL (unless `DATABASE_URL` names one), prepares the site, and starts its servers as processes of their own. Resolves when all are
 * ready, however long that takes: a server that is alive is waited for, one that ends is started again, and the others go on. The proxy of a
 * site that was up before serves from its disk meanwhile, also without a database.
 * @throws Error with a sentence when a setting is wrong, or when a new site cannot be prepared; what `signal` was aborted with. Nothing is left running
 */
export async function up(options: UpOptions): Promise<Running> {
  const stops: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    for (let each = stops.pop(); each; each = stops.pop()) await each();
  };
  const stop = (): Promise<void> => (stopping ??= stopAll());
  try {
    const { urls, ownerUrl } = await start(options, (undo) => stops.push(undo));
    options.onReady?.(urls);
    return { urls, ownerUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: UpOptions,
  toStop: (undo: () => Promise<void>) => void,
): Promise<Omit<Running, 'stop'>> {
  const { env = {}, ports = {}, log = () => undefined } = options;
  const home = new Home(options.home);
  await makeSettingFolder('HOLDFAST_HOME', home.folder);
  const lock = await HomeLock.take(home.folder);
  toStop(() => lock.release());
  await refuseWhileRestoring(home);
  const keys = keyFiles(home, env);
  const onDisk = await siteOnDisk(home, keys, env);
  const ownerUrl = env['DATABASE_URL'] || (await embedded(home, log, toStop));

  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const servers = new SiteServers({
    runFile: home.runFile(),
    program: options.program,
    log: (server, text) => log(line(server, text)),
  });
  toStop(() => servers.stop());
  const around = async (prepared: KnownSite): Promise<Surroundings> => {
    const known = { home, prepared, ownerUrl, evaluation: !env['DATABASE_URL'], env, ports };
    if (!options.sandbox) return known;
    const { url } = await unlessAborted(servers.start('sandbox-store', known), signal);
    return { ...known, sandboxUrl: url };
  };
  const serve = async (prepared: KnownSite): Promise<void> => {
    const { url = '' } = await servers.start('proxy', await around(prepared));
    options.onServing?.(url);
  };
  const prepared = await prepareWhileServing({
    prepare: () => prepare(preparation(home, keys, ownerUrl, env)),
    onDisk,
    serve: (site) => void serve(site).catch((error: unknown) => failed.abort(error)),
    log: (text) => log(line('host', text)),
    signal,
  });
  if (prepared.invitation) log(line('host', welcome(prepared.invitation)));
  const surroundings = await around(prepared);
  const said = saidAtStart(surroundings);
  requireUsable(prepared.settings.values, said);
  requireOpened(prepared.opened, said);
  await writeSettingFiles(home, prepared.opened);
  await writeRunningSettings(home, prepared.settings, said);
  const starting = (['projector', 'worker', 'control'] as const).map((server) =>
    servers.start(server, surroundings),
  );
  await unlessAborted(Promise.all([...starting, serve(prepared)]), signal);
  return { urls: await servers.urls(), ownerUrl };
}

function preparation(home: Home, keys: KeyFiles, ownerUrl: string, env: Environment): PrepareOptions {
  const origin = env['HOLDFAST_ORIGIN'];
  return {
    home,
    keys,
    ownerUrl,
    eventStoreUrl: env['EVENTSTORE_URL'] || undefined,
    zone: env['HOLDFAST_ZONE'] || DEFAULT_ZONE,
    ledgerDir: env['HOLDFAST_LEDGER_DIR'] || undefined,
    ledgerSecondDir: env['HOLDFAST_LEDGER_SECOND_DIR'] || undefined,
    nodeDir: env['HOLDFAST_NODE_DIR'] || home.node(),
    ...(origin ? { origin } : {}),
  };
}

function line(name: string, text: string): string {
  return `${name.padEnd(13)} | ${text}`;
}

async function embedded(
  home: Home,
  log: (line: string) => void,
  toStop: (undo: () => Promise<void>) => void,
): Promise<string> {
  const database = await EmbeddedDatabase.start(home, (text) => log(line('postgres', text)));
  toStop(() => database.stop());
  return database.ownerUrl;
}
