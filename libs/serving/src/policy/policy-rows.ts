import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { uuidv7 } from '#kernel';
import { announce, ANNOUNCE_EVERY_MS } from '#platform/read-models/announcements';
import { POLICY_DOCUMENTS } from '#release-control/published';
import { MembershipRow } from './membership-row.js';
import { rowsIfThere } from './rows-if-there.js';
import type { SignedPolicy } from './signed-policy.js';

/** A notification may get lost with its connection: what isn't heard of is found by looking. */
const POLL_MS = 2_000;
const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;

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

interface Connection {
  readonly client: Client;
  /** What it knows is of this connection's database. */
  readonly members: MembershipRow;
}

/**
 * Watches the policy rows of the rings that are served, and that of who is in which: `NOTIFY holdfast_policy`, and polling. The database is not trusted (what it says is verified) and not needed
 * (without it nothing changes); this only ever offers.
 */
export class PolicyRows {
  private readonly stopping = new AbortController();
  private wake = new AbortController();
  private connection: Connection | undefined;
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
      const { client, members } = (this.connection ??= await this.connect());
      const membership = await members.read(this.watcher.membership(), this.watcher.rings());
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

  private async rows(client: Client): Promise<readonly (SignedPolicy & { readonly ring: string })[]> {
    return await rowsIfThere(
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

  private async connect(): Promise<Connection> {
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
      return { client, members: new MembershipRow(client) };
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  }

  private lost(client: Client): void {
    if (this.connection?.client === client) this.connection = undefined;
  }

  private async disconnect(): Promise<void> {
    const client = this.connection?.client;
    this.connection = undefined;
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
