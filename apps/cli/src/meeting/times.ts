import { isUtc } from '../output/times.js';

/**
 * A time as it is printed: UTC, and the same in the site's zone with its offset (R07). A site that has UTC sees it once.
 * @param at RFC 3339, UTC
 * @param zone IANA's name, as events say it
 */
export function timeText(at: string, zone: string): string {
  const utc = `${at.slice(0, 19).replace('T', ' ')} UTC`;
  return isUtc(zone) ? utc : `${utc} (${inZone(at, zone)})`;
}

function inZone(at: string, zone: string): string {
  // Swedish writes dates as RFC 3339 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: zone,
  });
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(new Date(at))
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${format.format(new Date(at))} ${offset ?? ''} ${zone}`;
}
