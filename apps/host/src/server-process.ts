import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface ServerOptions {
  readonly name: string;
  /** A JavaScript file, or TypeScript that Node can strip. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  /** The variables that say its ports: a server that is started again takes those that it had. */
  readonly portVariable?: string;
  readonly healthPortVariable?: string;
  readonly log: (line: string) => void;
  /** The first pause before a crashed server is started again; each further one is twice as long, up to 30 s. */
  readonly firstPauseMs?: number;
}

const START_MS = 60_000;
const STOP_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
/** A server that was ready for so long has earned a short pause again: it does not fail at its start. */
const STEADY_MS = 10_000;

/** What a server says when it is ready. */
export interface Listening {
  /** Its address, if it has one. */
  readonly url?: string;
  /** Of its health and metrics, if it has them. */
  readonly health?: string;
}

/** One server: started, watched, started again when it ends by itself, stopped. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private pauseMs: number;
  private timer: NodeJS.Timeout | undefined;
  /** The ports that it had, by variable. */
  private readonly ports: Record<string, string> = {};

  constructor(private readonly options: ServerOptions) {
    this.pauseMs = options.firstPauseMs ?? 500;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves with where it listens when it is ready. @throws Error when it ends or tarries before that */
  async start(): Promise<Listening> {
    const child = this.spawn();
    const listening = await ready(child, this.options.name);
    const { portVariable, healthPortVariable } = this.options;
    this.remember(portVariable, listening.url);
    this.remember(healthPortVariable, listening.health);
    const since = performance.now();
    if (child.exitCode !== null || child.signalCode !== null) this.startAgain(child, since);
    else child.once('exit', () => this.startAgain(child, since));
    return listening;
  }

  /** SIGTERM, and SIGKILL for one that doesn't heed it. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
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
    if (variable !== undefined && url !== undefined) this.ports[variable] = new URL(url).port;
  }

  private startAgain(ended: ChildProcess, since: number): void {
    if (this.stopping) return;
    if (performance.now() - since > STEADY_MS) this.pauseMs = this.options.firstPauseMs ?? 500;
    this.options.log(`ended with ${ended.exitCode ?? ended.signalCode}; starts again in ${this.pauseMs} ms`);
    this.timer = setTimeout(() => {
      this.start().catch(async (error: unknown) => {
        this.options.log(error instanceof Error ? error.message : String(error));
        await this.endChild();
        if (this.child) this.startAgain(this.child, performance.now());
      });
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private async endChild(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

function ready(child: ChildProcess, name: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`${name} was not ready within ${START_MS / 1000} s`), START_MS);
    const ended = (): void =>
      fail(`${name} ended with ${child.exitCode ?? child.signalCode} before it was ready`);
    const heard = (message: unknown): void => {
      if (!isReady(message)) return;
      clean();
      const { url, health } = message;
      resolve({ ...(url === undefined ? {} : { url }), ...(health === undefined ? {} : { health }) });
    };
    const fail = (sentence: string): void => {
      clean();
      reject(new Error(sentence));
    };
    const clean = (): void => {
      clearTimeout(timer);
      child.off('exit', ended).off('message', heard).off('error', ended);
    };
    child.once('exit', ended).on('message', heard).once('error', ended);
  });
}

function isReady(message: unknown): message is { readonly ready: true } & Listening {
  if (typeof message !== 'object' || message === null || !('ready' in message)) return false;
  const { ready, url, health } = message as Record<string, unknown>;
  const isAddress = (value: unknown): boolean => value === undefined || typeof value === 'string';
  return ready === true && isAddress(url) && isAddress(health);
}

/** Built, or as source when this runs from source. */
function preload(): string {
  const built = path.join(import.meta.dirname, 'exit-with-supervisor.js');
  return existsSync(built) ? built : path.join(import.meta.dirname, 'exit-with-supervisor.ts');
}
