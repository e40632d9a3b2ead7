import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sentenceOf } from '#kernel';
import { untilReady, type Listening } from './signs-of-life.js';

export interface ServerOptions {
  readonly name: string;
  /** A JavaScript file, or TypeScript that Node can strip. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** The variables that say its ports: a server that is started again takes those that it had. */
  readonly portVariable?: string;
  readonly healthPortVariable?: string;
  readonly log: (line: string) => void;
  /** Told where it listens: its health when it is alive, all when it is ready; each time that it is started. */
  readonly onListening?: (listening: Listening) => void;
  /** The first pause before a crashed server is started again; each further one is twice as long, up to 30 s. */
  readonly firstPauseMs?: number;
}

const STOP_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
/** A server that was ready for so long has earned a short pause again: it does not fail at its start. */
const STEADY_MS = 10_000;

/** "The settings are wrong": starting it again would not help. */
const WRONG_SETTINGS = 2;

/** One server: started, watched, started again when it ends by itself, stopped. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private wasReady = false;
  private readonly firstReady = Promise.withResolvers<Listening>();
  private pauseMs: number;
  private timer: NodeJS.Timeout | undefined;
  /** The ports that it had, by variable. */
  private readonly ports: Record<string, string> = {};

  constructor(private readonly options: ServerOptions) {
    this.pauseMs = options.firstPauseMs ?? 500;
    // Who started it may have gone on without waiting.
    this.firstReady.promise.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Resolves with where it listens when it is ready for the first time, however long that takes while it is alive. One that ends before is started
   * again, as later: what it lacks (a port, a disk, the right history) may come.
   * @throws Error when its settings are wrong, or it is stopped before; it does not begin then
   */
  start(): Promise<Listening> {
    if (!this.stopping) void this.live();
    return this.firstReady.promise;
  }

  /** SIGTERM, and SIGKILL for one that doesn't heed it. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.firstReady.reject(new Error(`${this.options.name} was stopped before it was ready`));
    const child = this.child;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.options.log(`does not stop; killed`);
      child.kill('SIGKILL');
    }, STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  private spawn(): ChildProcess {
    const { program, env, log } = this.options;
    // Detached: Ctrl-C is for the supervisor, which stops its servers in order.
    const child = spawn(process.execPath, ['--import', preload(), program], {
      env: { ...env, ...this.ports },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.on('error', (error) => log(error.message));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', log);
    }
    this.child = child;
    return child;
  }

  private remember(variable: string | undefined, url: string | undefined): void {
    if (variable !== undefined && url !== undefined) this.ports[variable] = portOf(url);
  }

  /** One life of its process, and the next ones. */
  private async live(): Promise<void> {
    const child = this.spawn();
    const told = (listening: Listening): void => this.listens(listening);
    try {
      const listening = await untilReady(child, this.options.name, told);
      told(listening);
      this.wasReady = true;
      this.firstReady.resolve(listening);
      const since = performance.now();
      await untilEnded(child);
      if (performance.now() - since > STEADY_MS) this.pauseMs = this.options.firstPauseMs ?? 500;
    } catch (error) {
      await this.endChild();
      if (this.stopping || (!this.wasReady && child.exitCode === WRONG_SETTINGS)) {
        this.firstReady.reject(error);
        return;
      }
      this.options.log(sentenceOf(error));
    }
    this.liveAgain(child);
  }

  private listens(listening: Listening): void {
    const { portVariable, healthPortVariable, onListening } = this.options;
    this.remember(portVariable, listening.url);
    this.remember(healthPortVariable, listening.health);
    onListening?.(listening);
  }

  private liveAgain(ended: ChildProcess): void {
    if (this.stopping) return;
    this.options.log(`ended with ${ended.exitCode ?? ended.signalCode}; starts again in ${this.pauseMs} ms`);
    this.timer = setTimeout(() => void this.live(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private async endChild(): Promise<void> {
    const child = this.child;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** A URL does not name its scheme's own port, and an empty setting would mean the default one. */
function portOf(url: string): string {
  const { port, protocol } = new URL(url);
  return port || (protocol === 'https:' ? '443' : '80');
}

function hasEnded(child: ChildProcess): boolean {
  // Without a number it never began.
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function untilEnded(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}

/** Built, or as source when this runs from source. */
function preload(): string {
  const built = path.join(import.meta.dirname, 'exit-with-supervisor.js');
  return existsSync(built) ? built : path.join(import.meta.dirname, 'exit-with-supervisor.ts');
}
