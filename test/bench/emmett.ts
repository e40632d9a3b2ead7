import pg from 'pg';
import type { JsonValue } from '#kernel';
import type { Contender } from './append.js';
import { importPeer } from './peers.js';

/** As much of emmett's own types as is used here. */
interface EmmettStore {
  appendToStream(
    stream: string,
    events: readonly { readonly type: string; readonly data: JsonValue }[],
    options: { readonly expectedStreamVersion: bigint | 'STREAM_DOES_NOT_EXIST' },
  ): Promise<unknown>;
}
interface EmmettPostgresql {
  getPostgreSQLEventStore(
    connectionString: string,
    options: {
      readonly schema?: { readonly autoMigration?: 'None' };
      readonly connectionOptions: { readonly pooled: true; readonly pool: pg.Pool };
    },
  ): EmmettStore & { readonly schema: { migrate(): Promise<unknown> } };
}
interface Emmett {
  isExpectedVersionConflictError(error: unknown): boolean;
}

/** More connections than there are writers. */
const CONNECTIONS = 16;

/**
 * Emmett as its documentation has it: `appendToStream` with the expected version, on a pool. Its schema is made beforehand, and appends don't
 * look for it again.
 */
export async function openEmmett(url: string): Promise<Contender> {
  const { getPostgreSQLEventStore } = (await importPeer(
    '@event-driven-io/emmett-postgresql',
  )) as EmmettPostgresql;
  const { isExpectedVersionConflictError } = (await importPeer('@event-driven-io/emmett')) as Emmett;
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  // Its server is stopped while the last connections still close.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const connectionOptions = { pooled: true, pool } as const;
  await getPostgreSQLEventStore(url, { connectionOptions }).schema.migrate();
  const store = getPostgreSQLEventStore(url, { connectionOptions, schema: { autoMigration: 'None' } });
  return {
    close: () => pool.end(),
    async append(stream, revision, data) {
      // Emmett counts a stream's events from 1.
      const expectedStreamVersion = revision === -1n ? 'STREAM_DOES_NOT_EXIST' : revision + 1n;
      try {
        await store.appendToStream(stream, [{ type: 'OverrideSet', data }], { expectedStreamVersion });
        return 'appended';
      } catch (error) {
        if (isExpectedVersionConflictError(error)) return 'conflict';
        throw error;
      }
    },
  };
}
