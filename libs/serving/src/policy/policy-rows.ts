import { setTimeout as delay } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { Client, DatabaseError, type QueryResult, type QueryResultRow } from 'pg';
import { uuidv7 } from '#kernel';
import { announce, ANNOUNCE_EVERY_MS } from '#platform/read-models/announcements';
import { ALL_RINGS, POLICY_DOCUMENTS } from '#release-control/published';
import type { SignedPolicy } from './signed-policy.js';

/** A notification may get lost with its connection: what isn't heard of is found by looking. */
const POLL_MS = 2_000;
const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;
const UNDEFINED_TABLE = '42P01';

export interface PolicyRowsWatcher {
  /** The bytes of the membership document that is obeyed: they are not read again. */
  membership(): Uint8Array | undefined;
  /** Who is in which ring, as far as it is another than is obeyed. Awaited before the rings' rows. Must not throw. */
  membershipRow(found: SignedPolicy | 'as obeyed' | 'missing'): Promise<void>;
  /** Whose rows are looked at. */
  rings(): readonly string[];
  /** Awaited before the next one. Must not throw. */
  row(ring: string, policy: SignedPolicy): Promise<void>;
  /** All rows of a look were told. Must not throw. */
  read(): Promise<void>;
  /** Told at the first look, then once per outage, and at its end. */
  reachable(reachable: boolean, error?: unknown): void;
  /** After every look, with or without a row, also when the database is gone. Must not throw. */
  looked(): Promise<void>;
}

/**
 * Watches the policy rows of the rings that are served, and that of who is in which: `NOTIFY holdfast_policy`, and polling. The database is not trusted (what it says is verified) and not needed
 * (without it nothing changes); this only ever offers.
 */
export class PolicyRows {
  private readonly stopping = new AbortController();
  private wake = new AbortController();
  private client: Client | undefined;
  /** Undefined before the first look. */
  private outage: boolean | undefined;
  private running: Promise<void> | undefined;
  private readonly reader = uuidv7();
  private announcedAt = -Infinity;

  constructor(
    private readonly connectionString: string,
    private readonly watcher: PolicyRowsWatcher,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake.abort();
    await this.running;
    await this.disconnect();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.look();
      await this.watcher.looked();
      await this.pause();
    }
  }

  private async look(): Promise<void> {
    try {
      const client = (this.client ??= await this.connect());
      const membership = await this.membershipRow(client);
      this.report(true);
      if (membership) await this.watcher.membershipRow(membership);
      for (const { ring, document, note } of await this.rows(client))
        await this.watcher.row(ring, { document, note });
      await this.watcher.read();
      await this.announce(client);
    } catch (error) {
      await this.disconnect();
      if (!this.stopping.signal.aborted) this.report(false, error);
    }
  }

  /**
   * It may name tens of thousands of devices: what is obeyed already is not sent again.
   * @returns undefined where nothing was projected yet: the first event writes its row beside that of a ring
   */
  private async membershipRow(client: Client): Promise<SignedPolicy | 'as obeyed' | 'missing' | undefined> {
    const known = this.watcher.membership();
    const digest = known ? createHash('sha256').update(known).digest() : null;
    const rows = await ifThere(
      client.query<{ ring: string; document: Buffer | null; note: string }>(
        `select ring, note,
           case when ring = $1 and ($2::bytea is null or sha256(document) <> $2) then document end as document
         from read.policy_document_v1 where ring = any($3)`,
        [ALL_RINGS, digest, [ALL_RINGS, ...this.watcher.rings()]],
      ),
    );
    if (rows.length === 0) return undefined;
    const row = rows.find(({ ring }) => ring === ALL_RINGS);
    if (!row) return 'missing';
    return row.document === null ? 'as obeyed' : { document: row.document, note: row.note };
  }

  private async rows(client: Client): Promise<readonly (SignedPolicy & { readonly ring: string })[]> {
    return await ifThere(
      client.query<SignedPolicy & { ring: string }>(
        'select ring, document, note from read.policy_document_v1 where ring = any($1)',
        [this.watcher.rings()],
      ),
    );
  }

  /**
   * So that the projector of a later release keeps these rows for as long as this one reads them. A database that refuses it (full,
   * read-only, not prepared yet) has answered: it is tried again when the next one is due.
   */
  private async announce(client: Client): Promise<void> {
    if (performance.now() - this.announcedAt < ANNOUNCE_EVERY_MS) return;
    this.announcedAt = performance.now();
    try {
      await announce((text, values) => client.query(text, values), this.reader, [POLICY_DOCUMENTS]);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.connectionString,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      application_name: 'holdfast proxy',
    });
    // Without a listener a lost connection would end the process.
    client.on('error', () => this.lost(client));
    client.on('notification', () => this.wake.abort());
    try {
      await client.connect();
      await client.query('listen holdfast_policy');
      return client;
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  }

  private lost(client: Client): void {
    if (this.client === client) this.client = undefined;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async pause(): Promise<void> {
    await delay(POLL_MS, undefined, { signal: this.wake.signal }).catch(() => undefined);
    if (!this.stopping.signal.aborted) this.wake = new AbortController();
  }

  private report(reachable: boolean, error?: unknown): void {
    if (this.outage === !reachable) return;
    this.outage = !reachable;
    this.watcher.reachable(reachable, error);
  }
}

/** None before the projector of this release has made its read models: then what is in force stays so. */
async function ifThere<Row extends QueryResultRow>(
  asked: Promise<QueryResult<Row>>,
): Promise<readonly Row[]> {
  try {
    return (await asked).rows;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
