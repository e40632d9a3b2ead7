import { ConfigError } from './config.js';
import { createLogger, type Logger } from './logging/logger.js';

export interface RunningServer {
  readonly logger: Logger;
  /** Where it listens, if it does: with port 0, the only way to know. */
  readonly url?: string;
  /** Finishes what it has begun and lets go of everything. */
  close(): Promise<void>;
}

/** An orderly stop that takes longer is cut short. */
const STOP_MS = 20_000;

/**
 * Runs one server as this process. Says `ready` in the log and, when there is an IPC channel, to the parent. Stops in an orderly way
 * when told to (SIGTERM, SIGINT) and when the parent is gone: a server must not outlive its supervisor and hold its port.
 * Exit codes: 0 stopped as told, 1 failed, 2 wrong settings.
 */
export async function runServer(name: string, start: () => Promise<RunningServer>): Promise<void> {
  let server: RunningServer | undefined;
  let stopping = false;

  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    server?.logger.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    const closed = server?.close() ?? Promise.resolve();
    closed.then(
      () => process.exit(0),
      (error: unknown) => die(name, error),
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the parent process is gone'));
  // What nobody caught leaves the process in a state that nobody thought of.
  process.on('uncaughtException', (error) => die(name, error));

  try {
    server = await start();
  } catch (error) {
    die(name, error);
    return;
  }
  server.logger.info(server.url === undefined ? {} : { url: server.url }, 'ready');
  process.send?.(server.url === undefined ? { ready: true } : { ready: true, url: server.url });
}

function die(name: string, error: unknown): void {
  const logger = createLogger(name);
  if (error instanceof ConfigError) logger.fatal({ settings: error.sentences }, 'the settings are wrong');
  else logger.fatal({ err: error }, 'failed');
  process.exit(error instanceof ConfigError ? 2 : 1);
}
