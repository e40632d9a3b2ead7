import pg from 'pg';

/** For statements that may rightly take long. */
export const NO_TIME_OUT = 0;

/** One connection for as long as `use` takes. @param queryTimeoutMs how long one statement may take */
export async function withClient<Result>(
  databaseUrl: string,
  use: (client: pg.Client) => Promise<Result>,
  queryTimeoutMs = 10_000,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    query_timeout: queryTimeoutMs,
  });
  // A connection that breaks fails the query; unheard, its event would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
