import { Pool } from 'pg';

/** Queries over schema `read`, under the app's own role, which may only SELECT there. */
export class ReadModels {
  private readonly pool: Pool;

  /** @param url of the database, with the role of the app that asks */
  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 10 });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.pool.query<Row>(text, [...values]);
    return result.rows;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
