import { zoneOffset } from '#kernel';

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
  return `${clockTime(at, offset)} ${zone}`;
}

/** What a clock shows that is so far ahead of UTC, with that offset. */
function clockTime(at: string, offset: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const local = new Date(Date.parse(at) + ahead).toISOString().slice(0, -1).replace('T', ' ');
  return `${local} ${offset}`;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

let shownIn: string | undefined;

/**
 * Runs what writes a result for people: times that it shows are shown in that zone as well. Nothing is awaited within.
 * @param zone IANA's name; undefined: none is known
 */
export function withSiteZone(zone: string | undefined, write: () => string): string {
  const before = shownIn;
  shownIn = isUsable(zone) ? zone : undefined;
  try {
    return write();
  } finally {
    shownIn = before;
  }
}

/** A time of an answer, UTC, and beside it what clocks at the site show, with the offset; whatever is no time, as it is. */
export function withClockTime(text: string): string {
  if (shownIn === undefined || !TIME.test(text) || Number.isNaN(Date.parse(text))) return text;
  return `${text} (${clockTime(text, zoneOffset(text, shownIn)).replace(/\.\d{3} /, ' ')})`;
}

/** Whether a zone is UTC under one of its names. */
export function isUtc(zone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|Zulu|Universal|GMT)$/.test(zone);
}

/** A server of another release may know zones that are unknown here. A site that has UTC sees it once. */
function isUsable(zone: string | undefined): zone is string {
  if (zone === undefined || isUtc(zone)) return false;
  try {
    zoneOffset('2026-01-01T00:00:00.000Z', zone);
    return true;
  } catch {
    return false;
  }
}
