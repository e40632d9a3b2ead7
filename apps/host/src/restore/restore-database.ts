import type pg from 'pg';
import { PostgresRefill } from '#event-store/postgres/refill';
import { cursorAt } from '#event-store/decimal-cursor';
import { decodeEvent, systemClock } from '#kernel';
import { GivenInHistory } from '#platform/idempotency/given-in-history';
import { NO_TIME_OUT, withClient } from '#platform/database/with-client';
import { BackupError } from '../backup/errors.js';
import type { BackupManifest } from '../backup/manifest.js';
import { attachmentsIn, manifestsIn } from '../backup/named-manifests.js';
import type { SiteSecrets } from '../backup/site-secrets.js';
import { WholeAppends, type HistoricAppend } from '../history/whole-appends.js';

const OUR_SCHEMAS = [
  'events',
  'holdfast',
  'identity',
  'site',
  'fleet',
  'worker',
  'read',
  'read_blue',
  'read_green',
  'readers',
  'attachments',
];
/** Events in one transaction. */
const BATCH = 500;

/** @throws BackupError `not-empty` when the database is some site's already */
export async function refuseUsedDatabase(ownerUrl: string): Promise<void> {
  const { rows } = await withClient(ownerUrl, (client) =>
    client.query<{ name: string }>(
      'select nspname as name from pg_namespace where nspname = any ($1) order by 1',
      [OUR_SCHEMAS],
    ),
  );
  if (rows.length === 0) return;
  throw new BackupError(
    'not-empty',
    `the database has the schemas ${rows.map(({ name }) => name).join(', ')}: a site is restored into an empty database`,
  );
}

/** Takes a whole history, event by event, and writes those that the store does not have. */
export class HistoryWriter {
  /** Blobs that the events name, those that the store had among them: capture manifests. */
  readonly manifests = new Set<string>();
  /** Files of requests that the events name. */
  readonly attachments = new Set<string>();
  private readonly given = new GivenInHistory(systemClock.now());
  private readonly appends = new WholeAppends();
  private waiting: HistoricAppend[] = [];
  private count = 0;

  private constructor(
    private readonly ownerUrl: string,
    private readonly store: PostgresRefill,
    /** How many events the store had at first. */
    readonly before: bigint,
  ) {}

  static async open(ownerUrl: string): Promise<HistoryWriter> {
    const store = new PostgresRefill(ownerUrl);
    return new HistoryWriter(ownerUrl, store, await store.size());
  }

  /** @param all write also what the store has, which compares it */
  async take(bytes: Uint8Array, all: boolean): Promise<void> {
    const position = this.appends.next;
    const append = this.appends.take(bytes);
    this.given.take(decodeEvent(bytes), position);
    for (const digest of manifestsIn(bytes)) this.manifests.add(digest);
    for (const digest of attachmentsIn(bytes)) this.attachments.add(digest);
    if (append === undefined || (!all && append.first < this.before)) return;
    this.waiting.push(append);
    this.count += append.events.length;
    if (this.count >= BATCH) await this.flush();
  }

  /** @returns how many events the history has */
  async finish(): Promise<bigint> {
    this.appends.finish();
    await this.flush();
    await withClient(this.ownerUrl, (client) => this.given.remember(client), NO_TIME_OUT);
    return this.appends.next;
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  private async flush(): Promise<void> {
    const [first] = this.waiting;
    if (first) await this.store.append(first.first, this.waiting);
    [this.waiting, this.count] = [[], 0];
  }
}

/** What is in the database besides events: verifiers, sealed settings, and where the reactors stand. */
export async function restoreRows(
  ownerUrl: string,
  { credentials, sealedSettings }: Pick<SiteSecrets, 'credentials' | 'sealedSettings'>,
  reactors: BackupManifest['reactors'],
): Promise<void> {
  // One that had handled nothing begins at the beginning, as one without a row does.
  const begun = Object.entries(reactors).filter(([, handled]) => handled !== '0');
  const rows = begun.map(([reactor, handled]) => ({ reactor, cursor: cursorAt(BigInt(handled) - 1n) }));
  const insert = async (client: pg.Client): Promise<void> => {
    await client.query(
      `insert into identity.credential (id, person, verifier, made_at)
       select id, person, verifier, "madeAt" from jsonb_to_recordset($1) as row (id uuid, person uuid, verifier text, "madeAt" timestamptz)
       on conflict (id) do nothing`,
      [JSON.stringify(credentials)],
    );
    await client.query(
      `insert into site.sealed_setting (key, digest, sealed, sealed_at)
       select key, digest, decode(sealed, 'base64'), "sealedAt"
       from jsonb_to_recordset($1) as row (key text, digest text, sealed text, "sealedAt" timestamptz)
       on conflict (key, digest) do nothing`,
      [JSON.stringify(sealedSettings)],
    );
    await client.query(
      `insert into worker.reactor_checkpoint (reactor, cursor)
       select reactor, cursor from jsonb_to_recordset($1) as row (reactor text, cursor text) on conflict (reactor) do nothing`,
      [JSON.stringify(rows)],
    );
  };
  await withClient(ownerUrl, insert, NO_TIME_OUT);
}

/** Of these credentials, those that have no row. */
export async function missingCredentials(ownerUrl: string, ids: readonly string[]): Promise<string[]> {
  const missing = (client: pg.Client): Promise<pg.QueryResult<{ id: string }>> =>
    client.query(
      'select given.id from unnest($1::text[]) as given (id) where not exists (select from identity.credential c where c.id::text = given.id)',
      [ids],
    );
  const { rows } = await withClient(ownerUrl, missing, NO_TIME_OUT);
  return rows.map(({ id }) => id);
}
