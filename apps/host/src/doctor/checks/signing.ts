import type pg from 'pg';
import { ok, type Finding } from '../finding.js';

const CHECK = 'signing';

/**
 * With which two components people sign (R22): the site's people decide it, and the environment may only ask for more.
 * @param given what the environment says of second components, if anything
 */
export async function checkSigning(client: pg.ClientBase, given: string | undefined): Promise<Finding> {
  const { rows } = await client.query<{ decided: string | null }>(`
    with setting as (
      select position, convert_from(bytes, 'UTF8')::jsonb -> 'data' as data from events.event
      where type = 'SettingChanged'
    )
    select data ->> 'new' as decided from setting where data ->> 'key' = 'second-component'
    order by position desc limit 1`);
  const all = 'whoever signs gives a password and a second component';
  if (given === 'required' || rows[0]?.decided === 'required') return ok(CHECK, all);
  return ok(CHECK, `${all}; who has none gives login and password`);
}
