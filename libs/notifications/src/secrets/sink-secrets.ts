import type pg from 'pg';
import { KeyedSeals } from '#platform/sealed/keyed-seals';
import { SealedValues, type Opened } from '#platform/sealed/sealed-values';
import type { KeyedDigest } from '../keyed-digest.js';

/** What sinks prove themselves with, sealed beside the settings' secrets. */
export class SinkSecrets {
  private readonly values: SealedValues;

  /** @param pool with control's role, or the worker's, who may only open @param key {@link sinksKey} */
  constructor(pool: Pick<pg.Pool, 'query'>, key: Uint8Array) {
    this.values = new SealedValues(pool, new KeyedSeals(key, 'sink'));
  }

  put(sink: string, value: string): Promise<KeyedDigest> {
    return this.values.put(nameOf(sink), value);
  }

  open(sink: string, digest: KeyedDigest): Promise<Opened> {
    return this.values.open(nameOf(sink), digest);
  }

  /** As {@link SealedValues.sweep}. */
  sweep(sink: string, kept: readonly KeyedDigest[], at: string): Promise<void> {
    return this.values.sweep(nameOf(sink), kept, at);
  }
}

/** No setting has a colon in its key. */
function nameOf(sink: string): string {
  return `sink:${sink}`;
}
