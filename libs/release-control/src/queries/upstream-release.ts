/**
 * SQL, over the catalog's read model of what upstream offers: what a device on an override's channel would get from upstream now, as of the last look: the channel's own release, else that of the
 * branch's risk, else of the next stabler risk that is open (protocol page, section 4.1). For `left join lateral (…) as upstream on true`; no
 * row for a snap that was never seen, has nothing there, or is revoked.
 * @param override the alias of a row of overrides
 */
export function upstreamRelease(override: string): string {
  const risks = `array['stable', 'candidate', 'beta', 'edge']`;
  const rank = (channel: string) => `array_position(${risks}, split_part(${channel}, '/', 2))`;
  return `
    select offer.channel, offer.revision, offer.version, offer.released_at, offer.since_position, offer.since_at
    from read.upstream_channel_v1 as offer
    join read.upstream_snap_v1 as snap on snap.snap_id = offer.snap_id and not snap.revoked
    where ${override}.format = 'snap' and offer.snap_id = ${override}.subject
      and offer.architecture = ${override}.architecture
      and split_part(offer.channel, '/', 1) = split_part(${override}.channel, '/', 1)
      and (offer.channel = ${override}.channel or split_part(offer.channel, '/', 3) = '')
      and ${rank('offer.channel')} <= ${rank(`${override}.channel`)}
    order by offer.channel = ${override}.channel desc, ${rank('offer.channel')} desc
    limit 1`;
}
