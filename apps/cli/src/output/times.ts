/** When something happened, with the site's zone as it was then: as events say it. */
export interface SiteTime {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Of the zone at that moment, as `+01:00`. */
  readonly offset: string;
  /** IANA's name. */
  readonly zone: string;
}

/**
 * The time that clocks at the site showed, with offset and zone (R07). The offset is the one that was recorded: the hour that a clock shows twice a year is told
 * apart by it, and what rules a zone gets later changes nothing.
 */
export function siteTime({ at, offset, zone }: SiteTime): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const local = new Date(Date.parse(at) + ahead).toISOString().slice(0, -1).replace('T', ' ');
  return `${local} ${offset} ${zone}`;
}
