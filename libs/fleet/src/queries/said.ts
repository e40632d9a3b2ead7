import { DEFAULT_RING } from '../domain/rings/rings.js';

/**
 * The ring that a row is of: by the rule of membership that it was recorded with, else by what its node serves. One that was never heard of serves
 * the default ring.
 */
export const ringOf = (row: string): string =>
  `coalesce(${row}.ring, (select heard.ring from fleet.heartbeat as heard where heard.node = ${row}.node), '${DEFAULT_RING}')`;

/** Whether a row is of the ring $2. */
export const inRing = (row: string): string => `${ringOf(row)} = $2`;

/**
 * The last report of each device, to whichever proxy; of those without a session, each different one. While upstream is gone anybody may show a key
 * of their own under any serial: that counts where the store has accepted nobody under it, and never as a device. $1: nothing older; $2: in this ring.
 */
export const SAID = `
said as (
  select * from (
    select distinct on (brand, model, serial, anonymous) * from read.installed_v3
    where ($1::timestamptz is null or said_at >= $1)
    order by brand, model, serial, anonymous, proof = 'store' desc, said_at desc, node
  ) as last
  where $2::text is null or ${inRing('last')}
)`;
