import type pg from 'pg';
import { fail, ok, type Finding } from '../finding.js';

const CHECK = 'attachments';

/**
 * Whether the bytes of each attachment that an event names are there, as many as its row says: `holdfast scrub` reads them. How many there are that no event names is said, and no fault: of
 * the last hour, their event may be on its way.
 */
export async function checkAttachments(client: pg.ClientBase): Promise<Finding> {
  const { rows } = await client.query<{
    count: string;
    lacking: string;
    first: string | null;
    unnamed: string;
  }>(`
    with named as (
      select distinct convert_from(bytes, 'UTF8')::jsonb -> 'data' ->> 'attachment' as sha256
      from events.event where type = 'AttachmentAdded'
    ), lacking as (
      select named.sha256 from named left join attachments.file file using (sha256)
      where file.size is distinct from
        (select sum(octet_length(part.bytes))::bigint from attachments.part part where part.upload = file.upload)
        or file.size is null
    )
    select (select count(*) from named) as count, (select count(*) from lacking) as lacking,
      (select min(sha256) from lacking) as first,
      (select count(*) from attachments.file where kept_at < now() - interval '1 hour'
        and sha256 not in (select sha256 from named)) as unnamed`);
  const { count = '0', lacking = '0', first = null, unnamed = '0' } = rows[0] ?? {};
  const more = unnamed === '0' ? '' : `, and ${unnamed} that it does not name ("holdfast scrub" lists them)`;
  if (lacking === '0') return ok(CHECK, `the database has all ${count} that the history names${more}`);
  return fail(
    CHECK,
    `of ${count} that the history names, the database lacks ${lacking}, or a part of them: first ${first}`,
    'bring the database back from a backup: nobody else has the bytes',
  );
}
