import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { decodeEvent, uuidv7 } from '#kernel';
import type { Cursor, EventStore, StoredAppend } from '#event-store/port';
import { mayPass } from '../database/passing-errors.js';
import { HttpError } from '../http/errors.js';
import { InTurn } from '../in-turn.js';
import { AnswerSeals, type KeptAnswer } from './answer-seals.js';
import { HOUR_MS, REMEMBERED_HOURS } from './remembered.js';

/** So many of one person, or one token, the newest: nobody fills the table. */
const MOST_REMEMBERED = 1_000;
/** Whoever works on a request says so anew every few seconds; who does not any more has died. */
const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;
/** How long somebody waits for the first of two who ask the same at once. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/** A request with a key. */
export interface KeyedRequest {
  /** The id of the command that it gives. */
  readonly command: string;
  /** Who gives it, by id. */
  readonly actor: string;
  readonly fingerprint: Buffer;
  /** False: only that it was carried out is remembered. */
  readonly keepsAnswer: boolean;
}

/** What the work of a request came to. */
export type Worked =
  /** `decided`: whether there was anything to decide; nothing is remembered of what changes nothing. */
  | { readonly outcome: 'answered'; readonly answer: KeptAnswer; readonly decided: boolean }
  /** Nothing was done, so that it may be asked again. */
  | { readonly outcome: 'refused'; readonly error: unknown }
  /** Whether something was done is for the history to say. */
  | { readonly outcome: 'unknown'; readonly error: unknown };

type Work = (done: readonly StoredAppend[] | null) => Promise<Worked>;
interface Answered {
  readonly answer: KeptAnswer;
  readonly repeated: boolean;
}

/**
 * Table `requests.taken`: which keys were given, and what was answered. That a command is carried out once does not hang on the answer being there: its
 * events name it as their cause, and one whose answer is missing is looked for in the history from `after` on (ADR 30). No connection is held while a request is
 * worked on, or waited for.
 */
export class TakenRequests {
  private readonly pool: pg.Pool;
  private readonly seals: AnswerSeals;
  private readonly turns = new InTurn();
  private readonly sweeper: NodeJS.Timeout;

  /** @param url of the database, with control's role @param siteKey 32 bytes */
  constructor(
    url: string,
    siteKey: Uint8Array,
    private readonly store: EventStore,
  ) {
    this.seals = new AnswerSeals(siteKey);
    this.pool = new pg.Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    // What could not be swept is swept in an hour.
    this.sweeper = setInterval(() => void this.sweep().catch(() => undefined), HOUR_MS);
    this.sweeper.unref();
  }

  fingerprint(request: Parameters<AnswerSeals['fingerprint']>[0]): Buffer {
    return this.seals.fingerprint(request);
  }

  /** Forgets what is older than a day. */
  async sweep(): Promise<void> {
    await this.pool.query(
      `delete from requests.taken where taken_at < now() - interval '${REMEMBERED_HOURS} hours'`,
    );
  }

  /**
   * Does the work, unless it was done before: then what was answered is answered again. Of several who ask at once, on this server and on others, one works and
   * the others wait for it.
   * @param work is given what the command appended before, when its answer was lost; null when it has to be carried out
   * @throws HttpError `idempotency-key-reused`, `request-in-progress`, `unavailable`; whatever the work came to
   */
  async once(request: KeyedRequest, work: Work): Promise<Answered> {
    try {
      return await this.turns.run(request.command, () => this.answered(request, work));
    } catch (error) {
      if (!mayPass(error)) throw error;
      throw new HttpError('unavailable', 'the database does not answer; ask again with the same key', [], {
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await this.pool.end();
  }

  private async answered(request: KeyedRequest, work: Work): Promise<Answered> {
    const worker = uuidv7();
    const taken = await this.taken(request, worker);
    const answer = taken.answer === null ? undefined : this.seals.open(request.command, taken.answer);
    if (answer) return { answer, repeated: true };
    const renewal = setInterval(() => void this.renew(request, worker).catch(() => undefined), RENEW_MS);
    try {
      const done = taken.isNew ? [] : await this.appendsOf(request.command, taken.after);
      const worked = await work(done.length === 0 ? null : done);
      await this.settle(request, worker, worked);
      if (worked.outcome !== 'answered') throw worked.error;
      return { answer: worked.answer, repeated: done.length > 0 };
    } finally {
      clearInterval(renewal);
    }
  }

  /** The row, once it is this worker's to work on, or its answer is there. It is written before anything is done. */
  private async taken(
    { command, actor, fingerprint }: KeyedRequest,
    worker: string,
  ): Promise<Taken & { readonly isNew: boolean }> {
    for (const until = performance.now() + PATIENCE_MS; ;) {
      const inserted = await this.pool.query<Taken>(TAKE, [command, actor, fingerprint, worker]);
      const [fresh] = inserted.rows;
      if (fresh) return { ...fresh, isNew: true };
      const { rows } = await this.pool.query<Taken>(TAKE_OVER, [command, fingerprint, worker]);
      const [known] = rows;
      if (known && known.fingerprint.length > 0 && !this.seals.isSame(known.fingerprint, fingerprint)) {
        const why = 'this Idempotency-Key was given with another request: every request has a key of its own';
        throw new HttpError('idempotency-key-reused', why);
      }
      if (known && (known.answer !== null || known.worker === worker)) return { ...known, isNew: false };
      if (performance.now() >= until)
        throw new HttpError('request-in-progress', 'the same request is being worked on: ask again');
      await delay(LOOK_MS);
    }
  }

  private async renew({ command }: KeyedRequest, worker: string): Promise<void> {
    await this.pool.query(
      `update requests.taken set working_until = now() + interval '${LEASE_SECONDS} seconds' where command = $1 and worker = $2`,
      [command, worker],
    );
  }

  private async settle(
    { command, actor, keepsAnswer, fingerprint }: KeyedRequest,
    worker: string,
    worked: Worked,
  ): Promise<void> {
    if (worked.outcome === 'refused' || (worked.outcome === 'answered' && !worked.decided)) {
      await this.pool.query('delete from requests.taken where command = $1 and worker = $2', [
        command,
        worker,
      ]);
      return;
    }
    const keeps = worked.outcome === 'answered' && keepsAnswer;
    const answer = keeps ? this.seals.seal(command, worked.answer) : null;
    await this.pool.query(
      `update requests.taken set answer = $3, worker = null, working_until = null,
         fingerprint = case when $3::bytea is null then fingerprint else $4 end where command = $1 and worker = $2`,
      [command, worker, answer, fingerprint],
    );
    await this.pool.query(FORGET_OLDEST, [actor, MOST_REMEMBERED]);
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
  readonly worker: string | null;
}

/** With a place in the history that is before whatever will be done: where the read models have got to. */
const TAKE = `
insert into requests.taken (command, actor, fingerprint, worker, working_until, after)
values ($1, $2, $3, $4, now() + interval '${LEASE_SECONDS} seconds',
  (select cursor from read.projection_checkpoint where cursor is not null order by next_position desc limit 1))
on conflict (command) do nothing
returning fingerprint, after, answer, worker`;

/** The row as it is; this worker's, if it was nobody's any more and is for the same request. Of one that a history says alone, what was asked is not known: the history settles that, too. */
const TAKE_OVER = `
with mine as (
  update requests.taken set worker = $3, working_until = now() + interval '${LEASE_SECONDS} seconds'
  where command = $1 and fingerprint in ($2, '') and answer is null and coalesce(working_until, '-infinity') < now()
  returning fingerprint, after, answer, worker
)
select * from mine
union all
select fingerprint, after, answer, worker from requests.taken where command = $1 and not exists (select from mine)`;

const FORGET_OLDEST = `
delete from requests.taken where command in (
  select command from requests.taken where actor = $1 and worker is null order by taken_at desc offset $2
)`;
