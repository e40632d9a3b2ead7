import type pg from 'pg';
import { AttachmentReader } from '#release-control/attachments/attachment-reader';
import type { Cursor } from '#event-store/port';
import type { CredentialRow, SealedRow } from './site-secrets.js';

/** What the database holds that no replay of the events can make. docs/reference/backup-format.md goes through all of its tables. */
export class SiteDatabase {
  /** @param client the owner's */
  constructor(private readonly client: pg.Client) {}

  /** The bytes of files that are attached to requests. */
  get attachments(): AttachmentReader {
    return new AttachmentReader(this.client);
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

  /** The values of the site's secret settings, sealed under a key that derives from `site.key`. */
  async sealedSettings(): Promise<SealedRow[]> {
    const { rows } = await this.client.query<SealedRow>(
      `select key, digest, translate(encode(sealed, 'base64'), E'\\n', '') as sealed,
              to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "sealedAt"
       from site.sealed_setting order by key, digest`,
    );
    return rows;
  }
}
