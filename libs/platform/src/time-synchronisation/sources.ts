/** Whether this machine's clock follows a time server, as far as anybody here can say. */
export interface TimeSynchronisation {
  readonly state: 'synchronised' | 'not-synchronised' | 'unknown';
  /** Who says so. */
  readonly source: 'chrony' | 'timedatectl' | 'timesyncd' | 'none';
}

/** chrony gives its own clock this reference (127.127.1.1) when it has no other one, and is told to go on (`local stratum`). */
const OWN_CLOCK = '7F7F0101';

/**
 * What `chronyc -c tracking` prints: one line of 14 values, of which the first is the reference and the last the leap status (chronyc(1), "tracking").
 * @returns undefined for anything else
 */
export function chronyTracking(output: string): TimeSynchronisation | undefined {
  const values = output.trim().split(',');
  const [reference = ''] = values;
  const leap = values.at(-1) ?? '';
  if (values.length !== 14 || !/^[0-9A-F]{8}$/.test(reference)) return undefined;
  const follows = ['Normal', 'Insert second', 'Delete second'].includes(leap) && reference !== OWN_CLOCK;
  return { state: follows ? 'synchronised' : 'not-synchronised', source: 'chrony' };
}

/**
 * What `timedatectl show --property=NTPSynchronized` prints: what the kernel says (adjtimex(2), STA_UNSYNC), whichever program sets its clock.
 * @returns undefined for anything else
 */
export function timedatectlShow(output: string): TimeSynchronisation | undefined {
  const [, says] = /^NTPSynchronized=(yes|no)\n?$/.exec(output) ?? [];
  if (says === undefined) return undefined;
  return { state: says === 'yes' ? 'synchronised' : 'not-synchronised', source: 'timedatectl' };
}

/** systemd-timesyncd asks every 34 minutes at the least (timesyncd.conf(5), PollIntervalMaxSec): three that went wrong are no exchange. */
const LONGEST_SILENCE_MS = 3 * 2_048_000;

/** systemd-timesyncd touches a file whenever it has set the clock by a server (systemd-timesyncd.service(8)). @param touched ms since 1970 @param now likewise */
export function timesyncdFile(touched: number, now: number): TimeSynchronisation {
  // A file of a time to come is of a clock that was set back since: its age is not known.
  const lasts = Math.abs(now - touched) <= LONGEST_SILENCE_MS;
  return { state: lasts ? 'synchronised' : 'not-synchronised', source: 'timesyncd' };
}
