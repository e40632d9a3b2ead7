import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { KEEP_ALIVE } from '#event-store/keep-alive';
import { sentenceOf } from '#kernel';
import { LeaseError } from './errors.js';
import { requireLease, type Fence } from './fence.js';
import { sessionOptions } from './session.js';

export type LeaseState = 'waiting' | 'held' | 'lost' | 'released';

/** A holder whose process stands still for longer loses the lease. */
const STANDSTILL_MS = 30_000;

/** So often within that time, the holder shows that it is alive, and looks whether the lease still is its own. */
const BEATS = 10;

/**
 * Makes one process of a role the only one that acts: a second one waits in {@link acquire} until the first is gone. Held by a session of
 * PostgreSQL, which ends with the process. A holder that has lost its session may not know it yet; therefore each taking begins an epoch
 * (the {@link fence}), and what is written under an older one is refused by the database.
 */
export class Lease {
  private readonly client: pg.Client;
  private readonly beating = new AbortController();
  private current: LeaseState = 'waiting';
  private taken: Fence | undefined;

  /**
   * @param databaseUrl of the role that the lease is for; a direct connection, since a pooler would hand the session to others
   * @param onLost told once when it was held and is not any more: the process must end
   * @param standstillMs how long its process may stand still without losing it
   */
  constructor(
    databaseUrl: string,
    private readonly onLost: (error: LeaseError) => void,
    private readonly standstillMs = STANDSTILL_MS,
  ) {
    this.client = new pg.Client({
      connectionString: databaseUrl,
      options: sessionOptions(
        'statement_timeout=0',
        'lock_timeout=0',
        `idle_session_timeout=${standstillMs}`,
        `idle_in_transaction_session_timeout=${standstillMs}`,
      ),
      ...KEEP_ALIVE,
      connectionTimeoutMillis: 10_000,
    });
    this.client.on('error', (error) => this.lose(error.message));
    this.client.on('end', () => this.lose('its connection was closed'));
  }

  get state(): LeaseState {
    return this.current;
  }

  /** @throws Error before the lease was first held */
  get fence(): Fence {
    if (!this.taken) throw new Error('the lease was not acquired yet');
    return this.taken;
  }

  /** Resolves when the lease is ours, however long that takes. @throws Error when the database cannot be reached, or ends the wait */
  async acquire(): Promise<Fence> {
    await this.client.connect();
    const { rows } = await this.client.query<{ name: string; epoch: string }>(
      'select name, epoch from holdfast.take_lease()',
    );
    const [row] = rows;
    if (!row) throw new Error('the database gave no lease');
    this.taken = { name: row.name, epoch: BigInt(row.epoch) };
    this.current = 'held';
    void this.beat(this.taken);
    return this.taken;
  }

  /**
   * Does what no transaction of the database can refuse, such as moving a file, while nobody can take the lease over.
   * @throws LeaseError `fenced-out` before `work` when the lease is lost; what `work` throws
   */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.current !== 'held') throw lost(`it is ${this.current}`);
    await this.query('begin');
    try {
      await requireLease(this.client, this.fence).catch((error: unknown) => {
        this.lose(sentenceOf(error));
        throw error;
      });
      return await work();
    } finally {
      // Nothing was changed: this gives the row's lock back.
      await this.query('rollback').catch((error: unknown) => this.lose(sentenceOf(error)));
    }
  }

  /** Lets the next one have it. */
  async release(): Promise<void> {
    this.beating.abort();
    if (this.current !== 'lost') this.current = 'released';
    await this.client.end().catch(() => undefined);
  }

  private async query(statement: string): Promise<void> {
    try {
      await this.client.query(statement);
    } catch (error) {
      throw lost(sentenceOf(error));
    }
  }

  private async beat({ name, epoch }: Fence): Promise<void> {
    const { signal } = this.beating;
    while (this.current === 'held') {
      await delay(this.standstillMs / BEATS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const { rows } = await this.client.query<{ epoch: string }>({
          text: 'select epoch from holdfast.lease where name = $1',
          values: [name],
          query_timeout: this.standstillMs,
        } as pg.QueryConfig);
        if (rows[0]?.epoch !== String(epoch)) this.lose(`${name} was taken over in epoch ${rows[0]?.epoch}`);
      } catch (error) {
        this.lose(sentenceOf(error));
      }
    }
  }

  private lose(why: string): void {
    if (this.current !== 'held') return;
    this.current = 'lost';
    this.beating.abort();
    this.onLost(lost(why));
  }
}

function lost(why: string): LeaseError {
  return new LeaseError('fenced-out', `the lease is lost: ${why}`);
}
