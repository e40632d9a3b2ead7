import { DEFAULT_RING } from '../domain/rings/rings.js';

/**
 * The last report of each device, to whichever proxy; of those without a session, each different one. While upstream is gone anybody may show a key
 * of their own under any serial: that counts where the store has accepted nobody under it, and never as a device. $1: nothing older; $2: to nodes of this ring.
 */
export const SAID = `
said as (
  select * from (
    select distinct on (brand, model, serial, anonymous) * from read.installed_v2
    where ($1::timestamptz is null or said_at >= $1)
    order by brand, model, serial, anonymous, proof = 'store' desc, said_at desc, node
  ) as last
  where $2::text is null or coalesce((select heard.ring from fleet.heartbeat as heard where heard.node = last.node), '${DEFAULT_RING}') = $2
)`;
