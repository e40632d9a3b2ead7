import type pg from 'pg';
import type { KeyedDigest, KeyedSeals } from './keyed-seals.js';

export type Opened = { readonly value: string } | { readonly lost: 'missing' | 'altered' };

/**
 * Table `site.sealed_setting`: the values of secrets that people set. An event says by its digest which row counts; one that no event names is worth
 * nothing, so that it may be written before the event.
 */
export class SealedValues {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly seals: KeyedSeals,
  ) {}

  /** Seals a value. Sealed again, it is there as new: what had damaged it is mended. @returns what an event names it by */
  async put(name: string, value: string): Promise<KeyedDigest> {
    const digest = this.seals.digestOf(name, value);
    await this.pool.query(
      `insert into site.sealed_setting (key, digest, sealed) values ($1, $2, $3)
       on conflict (key, digest) do update set sealed = excluded.sealed, sealed_at = now()`,
      [name, digest.hmacSha256, this.seals.seal(name, digest, value)],
    );
    return digest;
  }

  async open(name: string, digest: KeyedDigest): Promise<Opened> {
    const select = 'select sealed from site.sealed_setting where key = $1 and digest = $2';
    const { rows } = await this.pool.query<{ sealed: Buffer }>(select, [name, digest.hmacSha256]);
    const [row] = rows;
    if (!row) return { lost: 'missing' };
    const value = this.seals.open(name, digest, row.sealed);
    return value === undefined ? { lost: 'altered' } : { value };
  }

  /**
   * Removes what counts no more: superseded values, and those whose append was refused.
   * @param kept stay, however old they are
   * @param at RFC 3339: the time of the change that this follows. What was sealed in the hour before it stays as well: somebody may be about to append
   * the event that names it, and a backup may have read a history that does
   */
  async sweep(name: string, kept: readonly KeyedDigest[], at: string): Promise<void> {
    await this.pool.query(
      `delete from site.sealed_setting where key = $1 and digest <> all ($2) and sealed_at < $3::timestamptz - interval '1 hour'`,
      [name, kept.map(({ hmacSha256 }) => hmacSha256), at],
    );
  }
}
