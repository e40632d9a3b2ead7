import pg from 'pg';
import { SiteError } from '../domain/errors.js';
import type { KeyedDigest, SecretKey } from '../domain/settings/secret-settings.js';
import { SettingSeals } from './setting-seals.js';

/**
 * Table `site.sealed_setting`: the values of secret settings. An event says by its digest which row counts; one that no event names is worth
 * nothing, so that it may be written before the event.
 */
export class SealedSettings {
  private readonly pool: pg.Pool;
  private readonly seals: SettingSeals;

  /** @param url of the database, with control's role (or the owner's, in the host) @param siteKey 32 bytes */
  constructor(url: string, siteKey: Uint8Array) {
    this.seals = new SettingSeals(siteKey);
    this.pool = new pg.Pool({ connectionString: url, max: 2, statement_timeout: 10_000 });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  /** Seals a value. Sealed again, it is there as new: what had damaged it is mended. @returns what an event names it by */
  async put(key: SecretKey, value: string): Promise<KeyedDigest> {
    const digest = this.seals.digestOf(key, value);
    await this.pool.query(
      `insert into site.sealed_setting (key, digest, sealed) values ($1, $2, $3)
       on conflict (key, digest) do update set sealed = excluded.sealed, sealed_at = now()`,
      [key, digest.hmacSha256, this.seals.seal(key, digest, value)],
    );
    return digest;
  }

  /** @throws SiteError `secret-lost` when the row is not there, or was altered */
  async open(key: SecretKey, digest: KeyedDigest): Promise<string> {
    const select = 'select sealed from site.sealed_setting where key = $1 and digest = $2';
    const { rows } = await this.pool.query<{ sealed: Buffer }>(select, [key, digest.hmacSha256]);
    const value = rows[0] && this.seals.open(key, digest, rows[0].sealed);
    if (value !== undefined) return value;
    throw new SiteError(
      'secret-lost',
      `the sealed value of ${key} is ${rows[0] ? 'not what was sealed' : 'not in the database'}, although the history names it: set it again with "holdfast config ${key}=-"`,
    );
  }

  /**
   * Removes what counts no more: superseded values, and those whose append was refused.
   * @param kept stay, however old they are
   * @param at RFC 3339: the time of the change that this follows. What was sealed in the hour before it stays as well: somebody may be about to append
   * the event that names it, and a backup may have read a history that does
   */
  async sweep(key: SecretKey, kept: readonly KeyedDigest[], at: string): Promise<void> {
    await this.pool.query(
      `delete from site.sealed_setting where key = $1 and digest <> all ($2) and sealed_at < $3::timestamptz - interval '1 hour'`,
      [key, kept.map(({ hmacSha256 }) => hmacSha256), at],
    );
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
