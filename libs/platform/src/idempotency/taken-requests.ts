import pg from 'pg';
import { decodeEvent } from '#kernel';
import type { Cursor, EventStore, StoredAppend } from '#event-store/port';
import { mayPass } from '../database/passing-errors.js';
import { HttpError } from '../http/errors.js';
import { InTurn } from '../in-turn.js';
import { AnswerSeals, type KeptAnswer } from './answer-seals.js';

/** A key is remembered for a day at least: longer than anybody goes on trying, and no longer than secrets should lie about. */
export const REMEMBERED_HOURS = 24;
const HOUR_MS = 3_600_000;
/** How long somebody waits for the first of two who ask the same at once. */
const PATIENCE_MS = 15_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** A request with a key. */
export interface KeyedRequest {
  /** The id of the command that it gives. */
  readonly command: string;
  readonly fingerprint: Buffer;
}

/** What the work of a request came to. */
export type Worked =
  | { readonly outcome: 'answered'; readonly answer: KeptAnswer }
  /** Nothing was done, so that it may be asked again. */
  | { readonly outcome: 'refused'; readonly error: unknown }
  /** Whether something was done is for the history to say. */
  | { readonly outcome: 'unknown'; readonly error: unknown };

/**
 * Table `requests.taken`: which keys were given, and what was answered. That a command is carried out once does not hang on the answer being there: its
 * events name it as their cause, and one whose answer is missing is looked for in the history from `after` on (ADR 30).
 */
export class TakenRequests {
  private readonly pool: pg.Pool;
  private readonly seals: AnswerSeals;
  private readonly turns = new InTurn();
  private sweepAt = 0;

  /** @param url of the database, with control's role @param siteKey 32 bytes */
  constructor(
    url: string,
    siteKey: Uint8Array,
    private readonly store: EventStore,
  ) {
    this.seals = new AnswerSeals(siteKey);
    this.pool = new pg.Pool({
      connectionString: url,
      max: 8,
      connectionTimeoutMillis: 5_000,
      query_timeout: PATIENCE_MS + 5_000,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  fingerprint(request: Parameters<AnswerSeals['fingerprint']>[0]): Buffer {
    return this.seals.fingerprint(request);
  }

  /**
   * Does the work, unless it was done before: then what was answered is answered again. Of several who ask at once, on this server and on others, one works and
   * the others wait for it.
   * @param work is given what the command appended before, when its answer was lost; null when it has to be carried out
   * @throws HttpError `idempotency-key-reused`, `request-in-progress`, `unavailable`; whatever the work came to
   */
  async once(
    request: KeyedRequest,
    work: (done: readonly StoredAppend[] | null) => Promise<Worked>,
  ): Promise<{ readonly answer: KeptAnswer; readonly repeated: boolean }> {
    try {
      return await this.turns.run(request.command, () => this.locked(request, work));
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE)
        throw new HttpError('request-in-progress', 'the same request is being worked on: ask again', [], {
          cause: error,
        });
      if (!mayPass(error)) throw error;
      throw new HttpError('unavailable', 'the database does not answer; ask again with the same key', [], {
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** The lock is the session's: it goes with the connection, when this server dies. */
  private async locked(
    request: KeyedRequest,
    work: (done: readonly StoredAppend[] | null) => Promise<Worked>,
  ): Promise<{ readonly answer: KeptAnswer; readonly repeated: boolean }> {
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query(`set lock_timeout = ${PATIENCE_MS}`);
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [request.command]);
      const answered = await this.answered(client, request, work);
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [request.command]);
      broken = false;
      if ('error' in answered) throw answered.error;
      return answered;
    } finally {
      client.release(broken);
    }
  }

  private async answered(
    client: pg.PoolClient,
    request: KeyedRequest,
    work: (done: readonly StoredAppend[] | null) => Promise<Worked>,
  ): Promise<{ readonly answer: KeptAnswer; readonly repeated: boolean } | { readonly error: unknown }> {
    const { command } = request;
    const { isNew, taken } = await this.take(client, request);
    if (!this.seals.isSame(taken.fingerprint, request.fingerprint)) {
      const why = 'this Idempotency-Key was given with another request: every request has a key of its own';
      return { error: new HttpError('idempotency-key-reused', why) };
    }
    const answer = taken.answer === null ? undefined : this.seals.open(command, taken.answer);
    if (answer) return { answer, repeated: true };
    const done = isNew ? [] : await this.appendsOf(command, taken.after);
    const worked = await work(done.length === 0 ? null : done);
    switch (worked.outcome) {
      case 'answered':
        await client.query('update requests.taken set answer = $2 where command = $1', [
          command,
          this.seals.seal(command, worked.answer),
        ]);
        return { answer: worked.answer, repeated: done.length > 0 };
      case 'refused':
        await client.query('delete from requests.taken where command = $1', [command]);
        return worked;
      case 'unknown':
        return worked;
    }
  }

  /** Written before anything is done, with a place in the history that is before whatever will be: where the read models have got to. */
  private async take(
    client: pg.PoolClient,
    { command, fingerprint }: KeyedRequest,
  ): Promise<{ readonly isNew: boolean; readonly taken: Taken }> {
    if (performance.now() >= this.sweepAt) {
      this.sweepAt = performance.now() + HOUR_MS;
      const old = `taken_at < now() - interval '${REMEMBERED_HOURS} hours'`;
      await client.query(`delete from requests.taken where ${old}`);
    }
    const inserted = await client.query<Taken>(TAKE, [command, fingerprint]);
    const [fresh] = inserted.rows;
    if (fresh) return { isNew: true, taken: fresh };
    const { rows } = await client.query<Taken>(
      'select fingerprint, after, answer from requests.taken where command = $1',
      [command],
    );
    const [taken] = rows;
    if (!taken) throw new Error(`the request ${command} was taken, and is gone`);
    return { isNew: false, taken };
  }

  private async appendsOf(command: string, after: Cursor | null): Promise<StoredAppend[]> {
    const found: StoredAppend[] = [];
    for await (const append of this.store.readAll(after)) {
      const [first] = append.events;
      if (first && decodeEvent(first.bytes).cause === command) found.push(append);
    }
    return found;
  }
}

interface Taken {
  readonly fingerprint: Buffer;
  readonly after: Cursor | null;
  readonly answer: Buffer | null;
}

const TAKE = `
insert into requests.taken (command, fingerprint, after)
values ($1, $2, (select cursor from read.projection_checkpoint where cursor is not null order by next_position desc limit 1))
on conflict (command) do nothing
returning fingerprint, after, answer`;
