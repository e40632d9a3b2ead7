import { Client } from 'pg';

/**
 * What only a superuser can do, and what no trigger or grant can prevent: the triggers are switched off, one byte of the newest event of
 * a type is changed, and they are switched on again.
 * @returns the event's position, decimal
 */
export async function alterOneByte(superuserUrl: string, type: string): Promise<string> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('alter table events.event disable trigger user');
    const { rows } = await client.query<{ position: string }>(
      `update events.event set bytes = set_byte(bytes, length(bytes) - 10, get_byte(bytes, length(bytes) - 10) # 1)
       where position = (select max(position) from events.event where type = $1) returning position`,
      [type],
    );
    await client.query('alter table events.event enable trigger user');
    const [altered] = rows;
    if (!altered) throw new Error(`there is no ${type} to alter`);
    return altered.position;
  } finally {
    await client.end();
  }
}
