import { Registry } from 'prom-client';
import { checkSettings, CHECK_SETTINGS } from './check-settings.js';
import { ConfigError, loadConfig } from './config.js';
import { HealthServer, type HealthAddress } from './health/health-server.js';
import { Readiness } from './health/readiness.js';
import { createLogger, type Logger } from './logging/logger.js';
import { serverMetrics } from './metrics/server-metrics.js';

/** What every server's settings say. */
export interface ServerSettings extends HealthAddress {
  readonly logLevel: string;
}

/** What a server is started with: it is heard and seen before it can do anything. */
export interface ServerStart<Settings> {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics: Registry;
}

export interface RunningServer {
  /** Where it listens, if it does: with port 0, the only way to know. */
  readonly url?: string;
  /** Takes no new work, finishes what it has begun and lets go of everything. */
  close(): Promise<void>;
}

/** An orderly stop that takes longer is cut short. Shorter than the patience of whoever told us: a supervisor, systemd. */
const STOP_MS = 12_000;

/**
 * Runs one server as this process. Its health is served first: it is alive while it starts, and says what it waits for. When there is an IPC
 * channel, the parent is told that it is alive, and then that it is ready, which the log says as well. Stops in an orderly way when told to (SIGTERM, SIGINT) and when the parent is gone: a
 * server must not outlive its supervisor and hold its port. Being told twice cuts the stop short.
 * With `--check-settings` it only says whether it could be started so.
 * Exit codes: 0 stopped as told, 1 failed or cut short, 2 wrong settings.
 */
export async function runServer<Settings extends ServerSettings>(
  name: string,
  Settings: new () => Settings,
  start: (context: ServerStart<Settings>) => Promise<RunningServer>,
): Promise<void> {
  if (process.argv.includes(CHECK_SETTINGS)) return checkSettings(Settings);
  let logger = createLogger(name);
  const readiness = new Readiness(name);
  const started = readiness.expect('start', 'it is starting');
  let server: RunningServer | undefined;
  let health: HealthServer | undefined;
  let stopping = false;
  let signals = 0;

  const die = (error: unknown): void => {
    // Whatever level is asked for: why a server is not there must be said.
    const last = createLogger(name);
    if (error instanceof ConfigError) last.fatal({ settings: error.sentences }, 'the settings are wrong');
    else last.fatal({ err: error }, 'failed');
    process.exit(error instanceof ConfigError ? 2 : 1);
  };
  const cutShort = (why: string): void => {
    logger.error({ why }, 'the stop was cut short: what was under way is not finished');
    process.exit(1);
  };
  const close = async (): Promise<void> => {
    await server?.close();
    // Last: it says that we are stopping for as long as we are.
    await health?.close();
  };
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    readiness.stop(`told to stop: ${why}`);
    logger.info({ why }, 'stopping');
    setTimeout(() => cutShort(`it took longer than ${STOP_MS / 1000} s`), STOP_MS).unref();
    close().then(() => {
      logger.info('stopped');
      process.exit(0);
    }, die);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (++signals > 1) cutShort(`told again: ${signal}`);
      stop(signal);
    });
  }
  process.on('disconnect', () => stop('the parent process is gone'));
  // What nobody caught leaves the process in a state that nobody thought of.
  process.on('uncaughtException', die);

  try {
    const settings = loadConfig(Settings, process.env);
    logger = createLogger(name, settings.logLevel);
    const metrics = new Registry();
    serverMetrics(metrics, readiness);
    health = await HealthServer.listen(settings, readiness, metrics);
    logger.info({ url: health.url }, 'health and metrics are served');
    process.send?.({ alive: true, health: health.url });
    server = await start({ settings, logger, readiness, metrics });
  } catch (error) {
    die(error);
    return;
  }
  started.met();
  logger.info(server.url === undefined ? {} : { url: server.url }, 'ready');
  process.send?.({
    ready: true,
    health: health.url,
    ...(server.url === undefined ? {} : { url: server.url }),
  });
}
