import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '#kernel';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { isAlive } from '#platform/database/postmaster';
import type { Home } from './home.js';

const LOOK_EVERY_MS = 1_000;

/** PostgreSQL from npm, watched: one that ends by itself is started again, at the address that the servers know. */
export class EmbeddedDatabase {
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;

  private constructor(
    private server: EmbeddedPostgres,
    private readonly home: Home,
    private readonly log: (line: string) => void,
  ) {
    this.watching = this.watch();
  }

  static async start(home: Home, log: (line: string) => void): Promise<EmbeddedDatabase> {
    const server = await startIn(home);
    log(server.adopted ? 'was still running, and is taken over' : 'started');
    return new EmbeddedDatabase(server, home, log);
  }

  get ownerUrl(): string {
    return this.server.ownerUrl;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    // First: it may be starting a server at this moment.
    await this.watching;
    await this.server.stop();
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      if (isAlive(this.server.pid)) continue;
      this.log('ended by itself; starts again');
      try {
        // The servers know the old address, and no other: a port that another program took meanwhile is waited for.
        this.server = await startIn(this.home, true);
      } catch (error) {
        this.log(sentenceOf(error));
      }
    }
  }
}

function startIn(home: Home, samePort = false): Promise<EmbeddedPostgres> {
  return EmbeddedPostgres.start({
    folder: home.pg(),
    passwordFile: home.secret('database-owner'),
    samePort,
  });
}
