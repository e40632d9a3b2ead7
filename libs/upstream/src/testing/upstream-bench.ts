import type { RequestListener } from 'node:http';
import { upstreamSettings, type UpstreamBudgets } from '../settings.js';
import { HttpUpstreamStore } from '../store/http-upstream-store.js';
import { fixtureServer, type FixtureServer } from './fixture-server.js';

/** Stores that misbehave and clients of them, closed together. */
export class UpstreamBench implements AsyncDisposable {
  private readonly open: AsyncDisposable[] = [];

  async serve(listener: RequestListener): Promise<FixtureServer> {
    const server = await fixtureServer(listener);
    this.open.push(server);
    return server;
  }

  storeAt(url: string, budgets: Partial<UpstreamBudgets> = {}): HttpUpstreamStore {
    const store = new HttpUpstreamStore(upstreamSettings(url, '', budgets));
    this.open.push({ [Symbol.asyncDispose]: () => store.close() });
    return store;
  }

  /** A store that answers like this, and a client of it. */
  async answering(listener: RequestListener, budgets?: Partial<UpstreamBudgets>) {
    const server = await this.serve(listener);
    return { server, store: this.storeAt(server.url, budgets) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.open.splice(0)) await each[Symbol.asyncDispose]();
  }
}
