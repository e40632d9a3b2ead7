import { sha256Hex } from '#kernel';
import {
  INSTALLED_FORMS,
  isRecordable,
  MOST_INSTALLED,
  type InstalledSnap,
} from '../domain/deliveries/installed.js';
import type { DeviceMark, Installed, StillInstalled } from '../domain/deliveries/record.js';

/** What a device's request says of itself. */
export interface InstalledReport {
  readonly architecture: string;
  readonly snaps: readonly InstalledSnap[];
}

/** Devices whose last report is remembered; of one that was forgotten, it is recorded again. Some 200 bytes each. */
const MOST_DEVICES = 20_000;
/** Milliseconds after which a device that says the same is recorded once more, as still there. */
const AGAIN_MS = 24 * 3_600_000;
/** Records of one device within an hour: one that says something else each time is let go on saying so. */
const MOST_A_DEVICE = 30;
/** Bytes of records, within an hour, of devices that no store has accepted: whoever sends anything may say anything. */
const MOST_UNPROVED_BYTES = 1024 * 1024;

interface Last {
  readonly report: string;
  /** When it was last recorded. */
  readonly at: number;
  readonly hour: number;
  /** Records in that hour. */
  readonly records: number;
}

/** Decides which reports of what is installed are recorded: what is new of a device, and once a day that it still is so. */
export class InstalledReports {
  /** By device, the one that was heard of last at the end; of those without a session, by what they say. */
  private readonly last = new Map<string, Last>();
  private unprovedBytes = 0;
  private left = 0;

  /** @param now milliseconds since the epoch */
  take(
    device: DeviceMark | null,
    position: string,
    said: InstalledReport,
    now: number,
  ): Installed | StillInstalled | undefined {
    // Of `snap download`, and of questions about assertions.
    if (said.snaps.length === 0 || !INSTALLED_FORMS.architecture.test(said.architecture)) return undefined;
    const report = digestOf(said);
    const who = device ? `${device.brand}/${device.model}/${device.serial}/${device.proof}` : `\n${report}`;
    const known = this.last.get(who);
    if (known) this.touch(who, known);
    const same = known?.report === report;
    if (same && (device === null || now - known.at < AGAIN_MS)) return undefined;
    const hour = Math.floor(now / 3_600_000);
    const records = known?.hour === hour ? known.records + 1 : 1;
    if (records > MOST_A_DEVICE) return undefined;
    const at = new Date(now).toISOString();
    const record: Installed | StillInstalled =
      same && device
        ? { at, what: 'still-installed', device, report, position }
        : installed({ at, device, report, position }, said);
    if (device?.proof !== 'store' && !this.hasRoom(record)) return undefined;
    this.touch(who, { report, at: now, hour, records });
    return record;
  }

  /** An hour begins. @returns how many reports the one before had no room for */
  newHour(): number {
    const { left } = this;
    this.unprovedBytes = 0;
    this.left = 0;
    return left;
  }

  private hasRoom(record: Installed | StillInstalled): boolean {
    const bytes = JSON.stringify(record).length;
    if (this.unprovedBytes + bytes > MOST_UNPROVED_BYTES) {
      this.left++;
      return false;
    }
    this.unprovedBytes += bytes;
    return true;
  }

  private touch(who: string, last: Last): void {
    this.last.delete(who);
    this.last.set(who, last);
    if (this.last.size <= MOST_DEVICES) return;
    const [oldest] = this.last.keys();
    if (oldest !== undefined) this.last.delete(oldest);
  }
}

/** The order of a context is arbitrary, and changes from request to request (protocol page 4.1). */
function digestOf({ architecture, snaps }: InstalledReport): string {
  const lines = snaps.map(
    ({ snapId, instance, revision, channel, cohort }) =>
      `${snapId}\n${instance ?? ''}\n${revision}\n${channel}\n${cohort ? 'cohort' : ''}`,
  );
  return sha256Hex(Buffer.from(`${architecture}\n${lines.sort().join('\n')}`));
}

function installed(
  head: Pick<Installed, 'at' | 'device' | 'report' | 'position'>,
  { architecture, snaps }: InstalledReport,
): Installed {
  const { at, device, report, position } = head;
  const named = snaps.filter(isRecordable).sort(byId).slice(0, MOST_INSTALLED);
  const left = snaps.length - named.length;
  return { at, what: 'installed', device, architecture, report, snaps: named, left, position };
}

function byId(a: InstalledSnap, b: InstalledSnap): number {
  if (a.snapId !== b.snapId) return a.snapId < b.snapId ? -1 : 1;
  return (a.instance ?? '') < (b.instance ?? '') ? -1 : 1;
}
