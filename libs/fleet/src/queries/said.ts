import { DEFAULT_RING } from '../domain/rings/rings.js';

/** Whether a node, an expression, serves the ring $2. One that was never heard of serves the default ring. */
export const inRing = (node: string): string =>
  `coalesce((select heard.ring from fleet.heartbeat as heard where heard.node = ${node}), '${DEFAULT_RING}') = $2`;

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
  where $2::text is null or ${inRing('last.node')}
)`;
