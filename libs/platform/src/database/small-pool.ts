import pg from 'pg';

/**
 * For short statements of one table. Connections are made when they are used; a database that is away, or silent, is said to be so: a connection is waited for
 * 5 s, and an answer 12 s, after the server has given up at 10 s, so that a statement ends as undone and not as unknown.
 * @param connections at most
 */
export function smallPool(connectionString: string, connections = 2): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: connections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    query_timeout: 12_000,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
