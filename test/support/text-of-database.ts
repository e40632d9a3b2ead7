import { NO_TIME_OUT, withClient } from '#platform/database/with-client';

/** Every row of every table of a database, as PostgreSQL writes it: bytes are in hex. For looking for what must not be there. */
export async function textOfDatabase(ownerUrl: string): Promise<string> {
  return withClient(
    ownerUrl,
    async (client) => {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables order by 1`,
      );
      const texts: string[] = [];
      for (const { name } of tables) {
        const { rows } = await client.query<{ text: string }>(`select each::text as text from ${name} each`);
        texts.push(...rows.map(({ text }) => `${name} ${text}`));
      }
      return texts.join('\n');
    },
    NO_TIME_OUT,
  );
}
