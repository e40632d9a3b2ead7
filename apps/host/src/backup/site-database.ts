import pg from 'pg';
import type { Cursor } from '#event-store/port';
import type { CredentialRow } from './site-secrets.js';

/** What the database holds that no replay of the events can make. docs/reference/backup-format.md goes through all of its tables. */
export class SiteDatabase {
  private constructor(private readonly client: pg.Client) {}

  /** @param ownerUrl logs in as the owner of the database */
  static async open(ownerUrl: string): Promise<SiteDatabase> {
    const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
    // A connection that breaks fails the query; unheard, its event would end the process as well.
    client.on('error', () => undefined);
    await client.connect();
    return new SiteDatabase(client);
  }

  /** Names of the migrations that were run, in order. */
  async schema(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      'select name from holdfast.migration order by version',
    );
    return rows.map(({ name }) => name);
  }

  async reactors(): Promise<Map<string, Cursor>> {
    const { rows } = await this.client.query<{ reactor: string; cursor: string }>(
      'select reactor, cursor from worker.reactor_checkpoint order by reactor',
    );
    return new Map(rows.map(({ reactor, cursor }) => [reactor, cursor]));
  }

  async credentials(): Promise<CredentialRow[]> {
    const { rows } = await this.client.query<CredentialRow>(
      `select id, person, verifier, to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "madeAt"
       from identity.credential order by id`,
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
