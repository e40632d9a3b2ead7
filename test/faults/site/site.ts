import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Home } from '#apps/host/src/home';
import { freePort } from '#platform/database/free-port';
import { readPidFile } from '#platform/database/postmaster';
import { until } from '../until.js';
import { SiteProcesses, signal } from './processes.js';
import { WatchedLog } from './watched-log.js';

const HOST = fileURLToPath(new URL('../../../apps/host/src/main.js', import.meta.url));
const CLOCK = fileURLToPath(new URL('./servers-with-movable-clock.js', import.meta.url));
const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;
const STARTS_WITHIN_MS = 90_000;

/** Between an end and the next start. The systemd unit waits longer, for an operator's sake (`RestartSec`); here it is the fault that counts. */
const RESTART_MS = 1_000;

export interface Upstream {
  readonly url: string;
  readonly trustRootsDir: string;
}

/**
 * `holdfast up` as a process of its own, with everything that it starts, on ports that stay the same. Whenever it ends by itself it is
 * started again, which is what a service manager does; nothing else is ever done for it.
 */
export class FaultySite {
  readonly processes: SiteProcesses;
  readonly log: WatchedLog;
  private child: ChildProcess | undefined;
  private stopping = false;
  /** How often it was started. */
  starts = 0;

  private constructor(
    readonly home: Home,
    readonly urls: { readonly control: string; readonly proxy: string; readonly health: readonly string[] },
    private readonly env: Readonly<Record<string, string>>,
    /** Says how far off the servers' clock is, in ms. */
    private readonly clockFile: string,
    logFile: string,
  ) {
    this.processes = new SiteProcesses(home.folder);
    this.log = new WatchedLog(logFile);
  }

  /** @throws Error when it does not come up */
  static async start(folder: string, upstream: Upstream, logFile: string): Promise<FaultySite> {
    await mkdir(folder, { recursive: true });
    const [control = 0, proxy = 0, ...health] = await freePorts(2 + SERVERS.length);
    const home = new Home(folder);
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOLDFAST_HOME: home.folder,
      HOLDFAST_CONTROL_PORT: String(control),
      HOLDFAST_PROXY_PORT: String(proxy),
      ...Object.fromEntries(SERVERS.map((server, i) => [healthPortOf(server), String(health[i])])),
      HOLDFAST_UPSTREAM_URL: upstream.url,
      HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
    };
    const urls = { control: local(control), proxy: local(proxy), health: health.map(local) };
    const site = new FaultySite(home, urls, env, `${logFile}.clock`, logFile);
    await site.setClock(0);
    site.spawn();
    await until('the site comes up', STARTS_WITHIN_MS, () => site.ready()).catch(async (error: unknown) => {
      await site.stop();
      throw error;
    });
    return site;
  }

  get supervisor(): number | undefined {
    return this.child?.pid;
  }

  /** The database as its owner, for whoever looks behind the site's back. */
  async ownerUrl(): Promise<string> {
    const password = (await readFile(this.home.secret('database-owner'), 'utf8')).trim();
    const running = await readPidFile(path.join(this.home.pg(), 'data'));
    if (!running) throw new Error('the database does not run');
    return `postgres://holdfast:${password}@127.0.0.1:${running.port}/holdfast`;
  }

  /** Sets the clock of all servers, also of those that are started later, off by so many ms. They know it within 20 ms. */
  async setClock(offMs: number): Promise<void> {
    const whole = `${this.clockFile}.new`;
    await writeFile(whole, String(offMs));
    await rename(whole, this.clockFile);
  }

  /** Whether each server says of itself that it is ready. @throws Error with what it waits for, when one is not */
  async ready(): Promise<true> {
    await Promise.all(
      this.urls.health.map(async (url) => {
        const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
        const text = await response.text();
        if (!response.ok) throw new Error(text);
      }),
    );
    return true;
  }

  /** One of the host's commands, run beside the site as an operator runs it. */
  async host(...args: string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
    const child = spawn(process.execPath, [HOST, ...args], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, printed: printed.trim() };
  }

  /** Stops it as told, and whatever it left running. */
  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    // One that was just killed may have left some behind.
    for (const server of SERVERS) signal('SIGKILL', await this.processes.servers(server));
    signal('SIGKILL', await this.processes.postgres());
    await this.log.close();
  }

  private spawn(): void {
    this.starts += 1;
    const child = spawn(process.execPath, ['--import', CLOCK, HOST, 'up'], {
      env: { ...this.env, FAULTS_CLOCK_FILE: this.clockFile },
      // Ctrl-C is for us: we stop it in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.log.line(line));
    }
    child.once('exit', (code, by) => {
      if (this.stopping) return;
      this.log.line(`loop          | the supervisor ended with ${code ?? by}; it is started again`);
      setTimeout(() => this.stopping || this.spawn(), RESTART_MS);
    });
  }
}

/** As many different ones. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function healthPortOf(server: string): string {
  return `HOLDFAST_${server.toUpperCase()}_HEALTH_PORT`;
}
