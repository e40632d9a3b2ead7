import { DatabaseError, Pool } from 'pg';
import { mayPass } from '../database/passing-errors.js';
import { HttpError } from './errors.js';

const UNDEFINED_TABLE = '42P01';

/** Milliseconds: how long a connection and an answer are waited for. A database that is silent is as good as one that is away. */
export interface ReadPatience {
  readonly connect: number;
  readonly answer: number;
}

const USUAL_PATIENCE: ReadPatience = { connect: 5_000, answer: 10_000 };

/** Queries over schema `read`, under the app's own role, which may only SELECT there. */
export class ReadModels {
  private readonly pool: Pool;

  /** @param url of the database, with the role of the app that asks */
  constructor(url: string, { connect, answer }: ReadPatience = USUAL_PATIENCE) {
    this.pool = new Pool({
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: connect,
      query_timeout: answer,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  /**
   * One statement, so it sees one moment.
   * @throws HttpError `not-yet-projected` when this release's read models are not made yet, `unavailable` while the database is away
   */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      const result = await this.pool.query<Row>(text, [...values]);
      return result.rows;
    } catch (error) {
      if (mayPass(error))
        throw new HttpError(
          'unavailable',
          'the database of the read models does not answer; ask again once it is back',
          [],
          { cause: error },
        );
      if (!(error instanceof DatabaseError) || error.code !== UNDEFINED_TABLE) throw error;
      throw new HttpError(
        'not-yet-projected',
        "the projector has not made this release's read models yet; ask again",
        [],
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
