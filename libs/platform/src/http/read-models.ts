import { DatabaseError, Pool } from 'pg';
import { HttpError } from './errors.js';

const UNDEFINED_TABLE = '42P01';

/** Queries over schema `read`, under the app's own role, which may only SELECT there. */
export class ReadModels {
  private readonly pool: Pool;

  /** @param url of the database, with the role of the app that asks */
  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 10 });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  /** One statement, so it sees one moment. @throws HttpError `not-yet-projected` when this release's read models are not made yet */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      const result = await this.pool.query<Row>(text, [...values]);
      return result.rows;
    } catch (error) {
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
