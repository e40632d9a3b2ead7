import type pg from 'pg';
import { ok, warn, type Finding } from '../finding.js';

const CHECK = 'signing';

/**
 * Whether the password alone makes a signature (R22): the site's people decide it, and the environment may only ask for more.
 * While the site is set up it is said, and no fault: closing commissioning says it as well.
 * @param given what the environment says of second components, if anything
 */
export async function checkSigning(client: pg.ClientBase, given: string | undefined): Promise<Finding> {
  const { rows } = await client.query<{ decided: string | null; closed: boolean }>(`
    with site as (
      select position, type, convert_from(bytes, 'UTF8')::jsonb -> 'data' as data from events.event
      where type in ('SettingChanged', 'CommissioningClosed')
    )
    select (select data ->> 'new' from site where type = 'SettingChanged' and data ->> 'key' = 'second-component'
        order by position desc limit 1) as decided,
      exists (select from site where type = 'CommissioningClosed') as closed`);
  const { decided = null, closed = false } = rows[0] ?? {};
  if (given === 'required' || decided === 'required') {
    return ok(CHECK, 'whoever signs gives a password and a second component');
  }
  const says = 'who has no second component signs with the password alone, in a session';
  if (!closed) return ok(CHECK, `${says}; commissioning is not closed yet`);
  return warn(
    CHECK,
    says,
    'under 21 CFR Part 11 set "holdfast config second-component=required", which two people decide: docs/explanation/signatures.md',
  );
}
