import type pg from 'pg';
import { smallPool } from '#platform/database/small-pool';

export interface CredentialRow {
  readonly id: string;
  readonly person: string;
  readonly verifier: string;
}

/**
 * Table `identity.credential`. Rows are only ever added; an event says which of them counts, and the SHA-256 of its verifier. A row that
 * no event names is worth nothing, so that it may be written before the event.
 */
export class CredentialStore {
  private readonly pool: pg.Pool;

  /** @param url of the database, with control's role (or the owner's, in the host) */
  constructor(url: string) {
    this.pool = smallPool(url, 4);
  }

  async add({ id, person, verifier }: CredentialRow): Promise<void> {
    const insert = 'insert into identity.credential (id, person, verifier) values ($1, $2, $3)';
    await this.pool.query(insert, [id, person, verifier]);
  }

  async verifierOf(id: string): Promise<string | null> {
    const select = 'select verifier from identity.credential where id = $1';
    const { rows } = await this.pool.query<{ verifier: string }>(select, [id]);
    return rows[0]?.verifier ?? null;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
