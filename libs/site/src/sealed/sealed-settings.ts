import type pg from 'pg';
import { smallPool } from '#platform/database/small-pool';
import { KeyedSeals } from '#platform/sealed/keyed-seals';
import { SealedValues } from '#platform/sealed/sealed-values';
import { SiteError } from '../domain/errors.js';
import type { KeyedDigest, SecretKey } from '../domain/settings/secret-settings.js';

/** The values of secret settings, sealed under keys that derive from the site's. */
export class SealedSettings {
  private readonly pool: pg.Pool;
  private readonly values: SealedValues;

  /** @param url of the database, with control's role (or the owner's, in the host) @param siteKey 32 bytes */
  constructor(url: string, siteKey: Uint8Array) {
    this.pool = smallPool(url);
    this.values = new SealedValues(this.pool, new KeyedSeals(siteKey, 'setting'));
  }

  /** As {@link SealedValues.put}. */
  put(key: SecretKey, value: string): Promise<KeyedDigest> {
    return this.values.put(key, value);
  }

  /** @throws SiteError `secret-lost` when the row is not there, or was altered */
  async open(key: SecretKey, digest: KeyedDigest): Promise<string> {
    const opened = await this.values.open(key, digest);
    if ('value' in opened) return opened.value;
    const how =
      opened.lost === 'altered'
        ? 'not what was sealed'
        : 'not in the database, although the history names it';
    throw new SiteError(
      'secret-lost',
      `the sealed value of ${key} is ${how}: set it again with "holdfast config ${key}=-"`,
    );
  }

  /** As {@link SealedValues.sweep}. */
  sweep(key: SecretKey, kept: readonly KeyedDigest[], at: string): Promise<void> {
    return this.values.sweep(key, kept, at);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
