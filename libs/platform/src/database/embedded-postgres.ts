import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  accountFor,
  inFolder,
  keptPassword,
  makeDataFolder,
  makeFolder,
  SUPERUSER,
} from './cluster-folder.js';
import { freePort, isFree } from './free-port.js';
import { postgresBinaries, removeCopiedBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { answers, isAlive, readPidFile, servesFolder } from './postmaster.js';

export interface EmbeddedPostgresOptions {
  /** Holds the data folder, the port, the server's log. */
  readonly folder: string;
  /** Keeps the superuser's password, 0600; made when absent. */
  readonly passwordFile: string;
  /** false only for throw-away tests: a crash of the machine may lose what was committed, and (on Linux) the server ends with the process that starts it. */
  readonly durable?: boolean;
  /** Its address is known to others: start at the port that it had, or not at all. */
  readonly samePort?: boolean;
  /** More settings of the server, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const DATABASE = 'holdfast';
const PATIENCE_MS = 60_000;
const STEP_MS = 25;
const START_ATTEMPTS = 3;
const LOG_LIMIT = 4 * 1024 * 1024;

/**
 * A PostgreSQL server from npm, on the loopback interface alone. It outlives a Node process that is killed, and the next one takes it
 * over. The caller makes sure that two processes do not start the same folder at once.
 */
export class EmbeddedPostgres {
  private constructor(
    /** Logs in as the owner of everything. A secret. */
    readonly ownerUrl: string,
    /** True when the server was found running. */
    readonly adopted: boolean,
    readonly pid: number,
    private readonly folder: string,
  ) {}

  /** @throws Error with a sentence, and the end of the server's log, when it does not come up */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const folder = path.resolve(options.folder);
    const data = path.join(folder, 'data');
    await makeFolder(folder);
    const password = await keptPassword(options.passwordFile);
    const running = await adopt(data, password);
    if (running) return new EmbeddedPostgres(running.url, true, running.pid, folder);
    const binaries = await postgresBinaries(folder, process.getuid?.() === 0);
    if (!(await stat(path.join(data, 'PG_VERSION')).catch(() => undefined))) {
      await makeDataFolder(binaries, data, password, options.durable ?? true);
    }
    for (let attempt = 1; ; attempt++) {
      const port = await keptPort(folder, options.samePort ?? false);
      const pid = await launch(binaries, data, port, options);
      const url = ownerUrl(password, port);
      if (await comesUp(pid, url)) {
        await makeDatabase(password, port);
        return new EmbeddedPostgres(url, false, pid, folder);
      }
      const end = (await readFile(path.join(folder, 'server.log'), 'utf8'))
        .trim()
        .split('\n')
        .slice(-5)
        .join('\n');
      // Somebody took the port between our look and the server's.
      if (!end.includes('could not bind') || attempt === START_ATTEMPTS || options.samePort === true)
        throw new Error(`PostgreSQL did not start:\n${end}`);
      await rm(path.join(folder, 'port'));
    }
  }

  /** Ends all sessions, writes a last checkpoint and waits until the server is gone. */
  async stop(): Promise<void> {
    if (isAlive(this.pid)) {
      process.kill(this.pid, 'SIGINT');
      if (!(await gone(this.pid))) {
        process.kill(this.pid, 'SIGQUIT');
        await gone(this.pid);
      }
    }
    await removeCopiedBinaries(this.folder);
  }
}

function ownerUrl(password: string, port: number, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/** The server that is already running in the folder, once it answers; clears away a pid file that a dead one left. */
async function adopt(data: string, password: string): Promise<{ url: string; pid: number } | undefined> {
  const found = await readPidFile(data);
  if (!found) return undefined;
  if (await servesFolder(found.pid, data)) {
    const { pid, port } = found;
    if (await comesUp(pid, ownerUrl(password, port, 'postgres'))) {
      await makeDatabase(password, port);
      return { pid, url: ownerUrl(password, port) };
    }
    // It was shutting down.
  } else if (isAlive(found.pid)) {
    // Another program has its number now; PostgreSQL would take that for its predecessor and refuse to start.
    await rm(path.join(data, 'postmaster.pid'));
  }
  return undefined;
}

/** Whether the server answers before it ends. @throws Error when it does neither for a minute */
async function comesUp(pid: number, url: string): Promise<boolean> {
  const server = new URL(url);
  server.pathname = '/postgres';
  for (const giveUp = performance.now() + PATIENCE_MS; performance.now() < giveUp; await sleep(STEP_MS)) {
    if (await answers(server.href)) return true;
    if (!isAlive(pid)) return false;
  }
  throw new Error(`PostgreSQL (process ${pid}) runs, but has not answered for a minute`);
}

async function gone(pid: number): Promise<boolean> {
  for (const giveUp = performance.now() + PATIENCE_MS; performance.now() < giveUp; await sleep(STEP_MS)) {
    if (!isAlive(pid)) return true;
  }
  return false;
}

async function keptPort(folder: string, same: boolean): Promise<number> {
  const file = path.join(folder, 'port');
  const kept = Number(await readFile(file, 'utf8').catch(() => ''));
  const known = Number.isInteger(kept) && kept > 0;
  if (known && (await isFree(kept))) return kept;
  if (known && same) throw new Error(`PostgreSQL's port ${kept} is taken by another program for the moment`);
  const port = await freePort();
  await writeFile(file, `${port}\n`, { mode: 0o600 });
  return port;
}

async function launch(
  binaries: PostgresBinaries,
  data: string,
  port: number,
  { durable = true, settings = {} }: EmbeddedPostgresOptions,
): Promise<number> {
  const log = await openLog(path.join(path.dirname(data), 'server.log'));
  const { options, name } = inFolder(data, await accountFor(data));
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([setting, value]) => ['-c', `${setting}=${value}`]);
  const { program, before } = durable
    ? { program: binaries.postgres, before: [] }
    : endingWithUs(binaries.postgres);
  try {
    // In a session of its own: Ctrl-C is for us, who stop it last, after those that use it.
    const child = spawn(program, [...before, '-D', name, ...flags], {
      ...options,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    return child.pid as number;
  } finally {
    await log.close();
  }
}

/** By util-linux's setpriv the kernel tells the server that its parent has ended, however that was. */
function endingWithUs(postgres: string): { readonly program: string; readonly before: readonly string[] } {
  if (process.platform !== 'linux') return { program: postgres, before: [] };
  return { program: 'setpriv', before: ['--pdeathsig', 'QUIT', postgres] };
}

async function openLog(file: string): ReturnType<typeof open> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > LOG_LIMIT) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

async function makeDatabase(password: string, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl(password, port, 'postgres') });
  // A connection that breaks fails the query; unheard, its event would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
