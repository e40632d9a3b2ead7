import { makeSettingFolder } from '#platform/setting-folder';
import { EmbeddedDatabase } from './embedded-database.js';
import { HomeLock } from './home-lock.js';
import { Home } from './home.js';
import { welcome } from './invite-first-admin.js';
import { keyFiles } from './key-files.js';
import { prepare } from './prepare.js';
import { programOf, type ServerName } from './programs.js';
import { removeRunFile, writeRunFile, type ObservedServer, type Urls } from './run-file.js';
import { serverEnvironment, type Environment, type Ports, type Surroundings } from './server-environment.js';
import { ServerProcess, type Listening } from './server-process.js';

export interface UpOptions {
  /** The home's folder. */
  readonly home: string;
  /** `HOLDFAST_*` and `DATABASE_URL` are taken from it; nothing by default. */
  readonly env?: Environment;
  /** 0: any free port. */
  readonly ports?: Ports;
  /** Start the sandbox store, and take it for upstream. */
  readonly sandbox?: boolean;
  readonly onReady?: (urls: Urls) => void;
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
const PORT_VARIABLES: Partial<Record<ServerName, string>> = {
  control: 'HOLDFAST_CONTROL_PORT',
  proxy: 'HOLDFAST_PROXY_PORT',
  'sandbox-store': 'HOLDFAST_SANDBOX_PORT',
};

const HEALTH_PORT_VARIABLES: Partial<Record<ServerName, string>> = {
  control: 'HOLDFAST_CONTROL_HEALTH_PORT',
  worker: 'HOLDFAST_WORKER_HEALTH_PORT',
  projector: 'HOLDFAST_PROJECTOR_HEALTH_PORT',
  proxy: 'HOLDFAST_PROXY_HEALTH_PORT',
};

/**
 * Starts PostgreSQL (unless `DATABASE_URL` names one), prepares the site, and starts its servers as processes of their own.
 * @throws Error with a sentence when something does not come up; then nothing is left running
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
  const database = env['DATABASE_URL'] || (await embedded(home, log, toStop));
  const zone = env['HOLDFAST_ZONE'] || DEFAULT_ZONE;
  const origin = env['HOLDFAST_ORIGIN'];
  const prepared = await prepare({
    home,
    keys: keyFiles(home, env),
    ownerUrl: database,
    eventStoreUrl: env['EVENTSTORE_URL'] || undefined,
    zone,
    ledgerDir: env['HOLDFAST_LEDGER_DIR'] || undefined,
    ledgerSecondDir: env['HOLDFAST_LEDGER_SECOND_DIR'] || undefined,
    ...(origin ? { origin } : {}),
  });
  if (prepared.invitation) log(line('host', welcome(prepared.invitation)));
  const surroundings = { home, prepared, ownerUrl: database, evaluation: !env['DATABASE_URL'], env, ports };
  const listening = new Map<ServerName, Listening>();
  const run = async (server: ServerName, around: Surroundings): Promise<Listening> => {
    const portVariable = PORT_VARIABLES[server];
    const healthPortVariable = HEALTH_PORT_VARIABLES[server];
    const running = new ServerProcess({
      name: server,
      program: (options.program ?? programOf)(server),
      env: serverEnvironment(server, around),
      log: (text) => log(line(server, text)),
      ...(portVariable ? { portVariable } : {}),
      ...(healthPortVariable ? { healthPortVariable } : {}),
    });
    toStop(() => running.stop());
    const where = await running.start();
    listening.set(server, where);
    return where;
  };
  const sandboxUrl = options.sandbox ? (await run('sandbox-store', surroundings)).url : undefined;
  const around = { ...surroundings, sandboxUrl };
  // Stopped in the opposite order: first those that take requests, last the projector, which then has seen everything.
  const starting = (['projector', 'worker', 'control', 'proxy'] as const).map((server) =>
    run(server, around),
  );
  const outcomes = await Promise.allSettled(starting);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const urls: Urls = {
    control: address('control', listening.get('control')?.url),
    proxy: address('proxy', listening.get('proxy')?.url),
    ...(sandboxUrl ? { sandbox: sandboxUrl } : {}),
    health: healthOf(listening),
  };
  await writeRunFile(home.runFile(), urls);
  toStop(() => removeRunFile(home.runFile()));
  return { urls, ownerUrl: database };
}

function address(server: string, url: string | undefined): string {
  if (url === undefined) throw new Error(`${server} did not say where it listens`);
  return url;
}

function healthOf(listening: ReadonlyMap<ServerName, Listening>): Urls['health'] {
  const of = (server: ObservedServer): string =>
    address(`the health of ${server}`, listening.get(server)?.health);
  return { control: of('control'), worker: of('worker'), projector: of('projector'), proxy: of('proxy') };
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
