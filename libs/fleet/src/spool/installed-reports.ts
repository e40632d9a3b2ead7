import { sha256Hex } from '#kernel';
import {
  INSTALLED_FORMS,
  isRecordable,
  MOST_INSTALLED,
  type InstalledSnap,
} from '../domain/deliveries/installed.js';
import type { DeviceMark, Installed, MemberStamp, StillInstalled } from '../domain/deliveries/record.js';
import { hashed, printOfHalves, scattered } from './prints.js';
import type { Timestamps } from './timestamps.js';

/** What a device's request says of itself. */
export interface InstalledReport {
  readonly architecture: string;
  readonly snaps: readonly InstalledSnap[];
}

/** Devices whose last report is remembered; of one that was forgotten, it is recorded again. Some 200 bytes each. */
const MOST_DEVICES = 20_000;
/** Milliseconds after which a device that says the same is recorded once more, as still there. */
const AGAIN_MS = 24 * 3_600_000;
/** Records of devices that the store has accepted, at once, and in each second after that: a fleet that comes all together is recorded over its next requests. */
const TURNS = { atOnce: 600, aSecond: 2 } as const;
/** Records of one device within an hour: one that says something else each time is let go on saying so. */
const MOST_A_DEVICE = 30;
/** Bytes of records, within an hour, of devices that no store has accepted: whoever sends anything may say anything. */
const MOST_UNPROVED_BYTES = 1024 * 1024;

interface Last {
  readonly print: number;
  readonly report: string;
  /** The ring and the rule that it was in. */
  readonly rule: string | undefined;
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
  private turns: number = TURNS.atOnce;
  /** When turns were last given. */
  private turnsAt = 0;
  private unprovedBytes = 0;
  private left = 0;

  constructor(private readonly times: Timestamps) {}

  /**
   * Whether a device gets no record now, whatever it says: so it is with most, when a whole fleet comes at once. Cheap, and to be asked before {@link take}.
   * @param now milliseconds since the epoch
   */
  passesOver(device: DeviceMark | null, now: number): boolean {
    return device?.proof === 'store' && !this.hasTurn(now);
  }

  /** @param now milliseconds since the epoch */
  take(
    device: DeviceMark | null,
    position: string,
    said: InstalledReport,
    now: number,
    member?: MemberStamp,
  ): Installed | StillInstalled | undefined {
    // Of `snap download`, and of questions about assertions.
    if (said.snaps.length === 0 || !INSTALLED_FORMS.architecture.test(said.architecture)) return undefined;
    const name = device === null ? undefined : nameOf(device);
    const proved = device?.proof === 'store';
    const print = printOf(said);
    const who = name ?? `\n${print}`;
    const known = this.last.get(who);
    if (known) this.touch(who, known);
    const same = known?.print === print;
    const rule = member && `${member.ring} ${member.rule}`;
    // Who came into another ring says again what it has, there.
    if (same && known.rule === rule && (device === null || now - known.at < AGAIN_MS)) return undefined;
    const hour = Math.floor(now / 3_600_000);
    const records = known?.hour === hour ? known.records + 1 : 1;
    if (records > MOST_A_DEVICE) return undefined;
    if (proved && !this.takesTurn(now)) return undefined;
    const at = this.times.at(now);
    const report = same ? known.report : digestOf(said);
    const stamp = member ? { member } : {};
    const record: Installed | StillInstalled =
      same && device
        ? { at, what: 'still-installed', device, report, position, ...stamp }
        : { ...installed({ at, device, report, position }, said), ...stamp };
    if (!proved && !this.hasRoom(record)) return undefined;
    this.touch(who, { print, report, rule, at: now, hour, records });
    return record;
  }

  /** An hour begins. @returns how many reports the one before had no room for */
  newHour(): number {
    const { left } = this;
    this.unprovedBytes = 0;
    this.left = 0;
    return left;
  }

  private takesTurn(now: number): boolean {
    if (!this.hasTurn(now)) return false;
    this.turns--;
    return true;
  }

  private hasTurn(now: number): boolean {
    const more = (Math.max(0, now - this.turnsAt) / 1_000) * TURNS.aSecond;
    this.turns = Math.min(TURNS.atOnce, this.turns + more);
    this.turnsAt = now;
    return this.turns >= 1;
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

function nameOf({ brand, model, serial, proof }: DeviceMark): string {
  return `${brand}/${model}/${serial}/${proof}`;
}

/**
 * Tells one report of a device from its last one, for each refresh that is asked: cheaper than a digest by far, and in no order, since that of a context is
 * arbitrary and changes from request to request (protocol page 4.1). Whoever finds two with one print hides what they have themselves say.
 */
function printOf({ architecture, snaps }: InstalledReport): number {
  let [low, high] = [hashed(architecture, 7), hashed(architecture, 11)];
  for (const { snapId, instance, revision, channel, cohort } of snaps) {
    const id = scattered(hashed(snapId, cohort ? 1 : 0));
    const tracked = hashed(channel, instance === null ? id : hashed(instance, id));
    // Scattered, so that what changes in two snaps does not cancel out in the sums.
    const one = scattered(tracked) ^ Math.imul(revision, 0x9e3779b1);
    low = (low + scattered(one)) | 0;
    high = (high + scattered(one ^ 0x5bd1e995)) | 0;
  }
  return printOfHalves(low, high);
}

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
