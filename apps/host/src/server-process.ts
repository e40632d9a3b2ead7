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
  /** The variable that says the port: a server that is started again takes the port that it had. */
  readonly portVariable?: string;
  readonly log: (line: string) => void;
  /** The first pause before a crashed server is started again; each further one is twice as long, up to 30 s. */
  readonly firstPauseMs?: number;
}

const START_MS = 60_000;
const STOP_MS = 15_000;
const LONGEST_PAUSE_MS = 30_000;
/** A server that ran so long has earned a short pause again. */
const STEADY_MS = 60_000;

/** One server: started, watched, started again when it ends by itself, stopped. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  private pauseMs: number;
  private timer: NodeJS.Timeout | undefined;
  private port: string | undefined;

  constructor(private readonly options: ServerOptions) {
    this.pauseMs = options.firstPauseMs ?? 500;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves with the server's address, if it has one, when it is ready. @throws Error when it ends or tarries before that */
  async start(): Promise<string | undefined> {
    const child = this.spawn();
    const url = await ready(child, this.options.name);
    if (url !== undefined) this.port = new URL(url).port;
    const since = Date.now();
    if (child.exitCode !== null || child.signalCode !== null) this.startAgain(child, since);
    else child.once('exit', () => this.startAgain(child, since));
    return url;
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
    const { program, env, portVariable, log } = this.options;
    const own = portVariable && this.port ? { ...env, [portVariable]: this.port } : env;
    // Detached: Ctrl-C is for the supervisor, which stops its servers in order.
    const child = spawn(process.execPath, ['--import', preload(), program], {
      env: own,
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

  private startAgain(ended: ChildProcess, since: number): void {
    if (this.stopping) return;
    if (Date.now() - since > STEADY_MS) this.pauseMs = this.options.firstPauseMs ?? 500;
    this.options.log(`ended with ${ended.exitCode ?? ended.signalCode}; starts again in ${this.pauseMs} ms`);
    this.timer = setTimeout(() => {
      this.start().catch(async (error: unknown) => {
        this.options.log(error instanceof Error ? error.message : String(error));
        await this.endChild();
        if (this.child) this.startAgain(this.child, Date.now());
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

function ready(child: ChildProcess, name: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`${name} was not ready within ${START_MS / 1000} s`), START_MS);
    const ended = (): void =>
      fail(`${name} ended with ${child.exitCode ?? child.signalCode} before it was ready`);
    const heard = (message: unknown): void => {
      if (!isReady(message)) return;
      clean();
      resolve(message.url);
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

function isReady(message: unknown): message is { readonly ready: true; readonly url?: string } {
  if (typeof message !== 'object' || message === null || !('ready' in message)) return false;
  return (
    message.ready === true &&
    (!('url' in message) || typeof message.url === 'string' || message.url === undefined)
  );
}

/** Built, or as source when this runs from source. */
function preload(): string {
  const built = path.join(import.meta.dirname, 'exit-with-supervisor.js');
  return existsSync(built) ? built : path.join(import.meta.dirname, 'exit-with-supervisor.ts');
}
