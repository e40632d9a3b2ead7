import { openEventStore } from '#event-store/open-event-store';
import { sentenceOf } from '#kernel';
import { reachMailServer } from '#notifications/delivery/mail/mail-transport';
import { reachSyslogServer } from '#notifications/delivery/syslog/syslog-transport';
import { wayToWebhook } from '#notifications/delivery/webhook/webhook-transport';
import { sinks, SINKS_STREAM, type Sink } from '#notifications/domain/sinks/sinks';
import { migrationState } from '#platform/database/migration-state';
import { withClient } from '#platform/database/with-client';
import { StreamWriter } from '#platform/decide-and-append';
import type { WayOut } from '#upstream/published';
import { hasDatabase, withDatabase } from '../compare-ledger/with-database.js';
import type { SiteConnectionsConfig } from './config.js';
import type { Connection } from './connection.js';
import { web } from './web.js';

/** Where the worker tells of events, as the site's history has it. Each is reached as a message would, and is told nothing. */
export async function sinkConnections(config: SiteConnectionsConfig, wayOut: WayOut): Promise<Connection[]> {
  try {
    return (await sinksIn(config)).map((sink) => connectionTo(sink, wayOut));
  } catch (error) {
    const why = `where they are is in the history, which cannot be read: ${sentenceOf(error)}`;
    return [{ name: 'sinks', reach: () => Promise.reject(new Error(why)) }];
  }
}

/** None of a site that was not made yet. */
async function sinksIn({ home, databaseUrl, eventStoreUrl }: SiteConnectionsConfig): Promise<Sink[]> {
  const where = { home, ...(databaseUrl === undefined ? {} : { databaseUrl }) };
  if (!(await hasDatabase(where))) return [];
  return withDatabase(where, async (ownerUrl) => {
    if ((await withClient(ownerUrl, migrationState)).kind === 'empty') return [];
    const store = await openEventStore({ databaseUrl: ownerUrl, eventStoreUrl });
    try {
      const { state } = await new StreamWriter(store, 'Etc/UTC').load(sinks, SINKS_STREAM);
      return [...state.byName.values()];
    } finally {
      await store.close();
    }
  });
}

function connectionTo({ name, target }: Sink, wayOut: WayOut): Connection {
  const { authorities } = wayOut;
  switch (target.kind) {
    case 'webhook': {
      const url = new URL(target.url);
      return web(url.origin, wayToWebhook(url, wayOut), `sink ${name}: ${url.origin}`);
    }
    case 'mail':
      return {
        name: `sink ${name}: ${target.server}`,
        async reach() {
          await reachMailServer(target.server, authorities);
          return undefined;
        },
      };
    case 'syslog':
      return {
        name: `sink ${name}: ${target.server}`,
        async reach() {
          await reachSyslogServer(target.server, authorities);
          return undefined;
        },
      };
  }
}
