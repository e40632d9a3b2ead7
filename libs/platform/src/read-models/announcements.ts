import type { ReadModelVersion } from '../projection.js';

/** A reader says at least so often what it reads. */
export const ANNOUNCE_EVERY_MS = 60_000;

/** Who has said nothing for so long, is gone; PostgreSQL's interval. Long enough for a database that was away. */
export const FORGOTTEN_AFTER = '10 minutes';

type Query = (text: string, values: unknown[]) => Promise<unknown>;

/**
 * Says that a reader reads these versions: their tables stay for as long as it goes on saying so.
 * @param reader a UUID, of this process
 */
export async function announce(
  query: Query,
  reader: string,
  versions: readonly ReadModelVersion[],
): Promise<void> {
  await query(
    `insert into readers.announcement (reader, name, version) select $1, * from unnest($2::text[], $3::integer[])
     on conflict (reader, name, version) do update set at = now()`,
    [reader, versions.map(({ name }) => name), versions.map(({ version }) => version)],
  );
}
