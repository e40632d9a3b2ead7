import { isDeepStrictEqual } from 'node:util';
import type { SecretDigests } from '#site/domain/settings/settings';
import { programOf, type ServerName } from './programs.js';
import { removeRunFile, writeRunFile, type KnownUrls, type ObservedServer, type Urls } from './run-file.js';
import { serverEnvironment, type Surroundings } from './server-environment.js';
import { ServerProcess } from './server-process.js';
import type { Listening } from './signs-of-life.js';

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

/** First those that take requests, last the projector, which then has seen everything, and what the others were made to ask. */
const STOP_ORDER: readonly ServerName[] = ['proxy', 'control', 'worker', 'projector', 'sandbox-store'];

export interface SiteServersOptions {
  /** Tells the CLI where they are. */
  readonly runFile: string;
  readonly program?: ((server: ServerName) => string) | undefined;
  readonly log: (server: ServerName, line: string) => void;
}

interface Begun {
  readonly process: ServerProcess;
  readonly env: Readonly<Record<string, string>>;
  /** What stands in the files that its settings name may be another while the names stay. */
  readonly secrets: SecretDigests;
  readonly ready: Promise<Listening>;
}

/** A site's servers, each a process of its own: started one by one as what they need is there, stopped in order. */
export class SiteServers {
  private readonly begun = new Map<ServerName, Begun>();
  private readonly listening = new Map<ServerName, Listening>();
  private writing: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(private readonly options: SiteServersOptions) {}

  /**
   * Once for each server: asked again, it is the same start, unless it is told something else than then, in whose place it is started anew. Resolves
   * when it is ready. @throws Error when its settings are wrong
   */
  start(server: ServerName, surroundings: Surroundings): Promise<Listening> {
    const env = serverEnvironment(server, surroundings);
    const begun = this.begun.get(server);
    const { secrets } = surroundings.prepared.settings;
    if (begun && isDeepStrictEqual([begun.env, begun.secrets], [env, secrets])) return begun.ready;
    const portVariable = PORT_VARIABLES[server];
    const healthPortVariable = HEALTH_PORT_VARIABLES[server];
    const running = new ServerProcess({
      name: server,
      program: (this.options.program ?? programOf)(server),
      env,
      log: (line) => this.options.log(server, line),
      onListening: (where) => this.listens(server, where),
      ...(portVariable ? { portVariable } : {}),
      ...(healthPortVariable ? { healthPortVariable } : {}),
    });
    const started = begun === undefined ? running.start() : begun.process.stop().then(() => running.start());
    const ready = started.catch((error: unknown) => {
      const now = this.begun.get(server);
      // Its end was not its own: whoever waits for it waits for the one in its place.
      if (now && now.process !== running) return now.ready;
      throw error;
    });
    // Who started it may have gone on without waiting.
    ready.catch(() => undefined);
    this.begun.set(server, { process: running, env, secrets, ready });
    return ready;
  }

  /** Where all of them listen, once all are ready. What this says is in the run file as well. */
  async urls(): Promise<Urls> {
    await this.writing;
    const { control, proxy, sandbox, health } = this.known();
    return {
      control: address('control', control),
      proxy: address('proxy', proxy),
      ...(sandbox ? { sandbox } : {}),
      health: {
        control: address('the health of control', health.control),
        worker: address('the health of worker', health.worker),
        projector: address('the health of projector', health.projector),
        proxy: address('the health of proxy', health.proxy),
      },
    };
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.writing;
    await removeRunFile(this.options.runFile);
    for (const server of STOP_ORDER) await this.begun.get(server)?.process.stop();
  }

  private listens(server: ServerName, where: Listening): void {
    // One that is still to be stopped says where it is; the run file is gone for good.
    if (this.stopping) return;
    this.listening.set(server, { ...this.listening.get(server), ...where });
    const known = this.known();
    const failed = (error: unknown): void =>
      this.options.log(server, `cannot write ${this.options.runFile}: ${String(error)}`);
    this.writing = this.writing.then(() => writeRunFile(this.options.runFile, known)).catch(failed);
  }

  private known(): KnownUrls {
    const of = (server: ServerName): Listening => this.listening.get(server) ?? {};
    const observed: readonly ObservedServer[] = ['control', 'worker', 'projector', 'proxy'];
    const health: Partial<Record<ObservedServer, string>> = {};
    for (const server of observed) {
      const url = of(server).health;
      if (url !== undefined) health[server] = url;
    }
    const [control, proxy, sandbox] = [of('control').url, of('proxy').url, of('sandbox-store').url];
    return {
      ...(control === undefined ? {} : { control }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(sandbox === undefined ? {} : { sandbox }),
      health,
    };
  }
}

function address(server: string, url: string | undefined): string {
  if (url === undefined) throw new Error(`${server} did not say where it listens`);
  return url;
}
