import type { DeliveryRecord, DeviceMark, MemberStamp } from '../domain/deliveries/record.js';
import { InstalledReports, type InstalledReport } from './installed-reports.js';
import { KnownOffers } from './known-offers.js';
import { Timestamps } from './timestamps.js';
import { word } from './word.js';

/** What a refresh answer names. */
export interface Offer {
  readonly snapId: string;
  readonly name: string;
  readonly revision: number;
  readonly channel: string | null;
}

export interface EndedDownload {
  readonly snapId: string | null;
  readonly name: string;
  readonly revision: number;
  readonly outcome: 'completed' | 'broken-off';
}

const HOUR_MS = 3_600_000;
/** Devices times snaps that are told apart within an hour; beyond, an offer may be recorded again. */
const MOST_OFFERS = 100_000;
/** Subjects times reasons within an hour; beyond, they are counted together. */
const MOST_REFUSALS = 5_000;
/** Identities that no store has accepted, within an hour: whoever makes up more is counted as a device without a session. */
const MOST_UNACCEPTED = 1_000;

/**
 * Turns what happens in serving into records, so that floods stay small: an offer is recorded once an hour for each device and revision, refusals
 * are counted for each subject, reason and hour, what a device has installed when it says something new. Synchronous, and fails never: it stands
 * beside the answer to a device.
 */
export class DeliveryRecorder {
  private hour = -1;
  private readonly offers = new KnownOffers(MOST_OFFERS);
  private readonly refusals = new Map<
    string,
    { subject: string; reason: string; position: string; count: number; member?: MemberStamp }
  >();
  private readonly unaccepted = new Set<string>();
  private readonly times = new Timestamps();
  private readonly reports = new InstalledReports(this.times);

  constructor(
    private readonly add: (record: DeliveryRecord) => void,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {}

  /** @param member the rule that the device is in its ring by; of all that is told of it */
  offered(device: DeviceMark | null, position: string, offers: readonly Offer[], member?: MemberStamp): void {
    const now = this.enter();
    const shown = this.bounded(device);
    const at = this.times.at(now);
    for (const offer of offers) {
      if (!this.offers.add(shown, offer, member)) continue;
      const { snapId, name, revision, channel } = offer;
      this.add({
        at,
        what: 'offered',
        device: shown,
        snapId: word(snapId),
        name: word(name),
        revision,
        channel: channel === null ? null : word(channel),
        position,
        ...stamp(member),
      });
    }
  }

  downloadEnded(
    device: DeviceMark | null,
    position: string,
    { snapId, name, revision, outcome }: EndedDownload,
    member?: MemberStamp,
  ): void {
    const at = this.times.at(this.enter());
    const id = snapId === null ? null : word(snapId);
    this.add({
      at,
      what: outcome,
      device: this.bounded(device),
      snapId: id,
      name: word(name),
      revision,
      position,
      ...stamp(member),
    });
  }

  installed(device: DeviceMark | null, position: string, said: InstalledReport, member?: MemberStamp): void {
    const now = this.enter();
    if (this.reports.passesOver(device, now)) return;
    const record = this.reports.take(this.bounded(device), position, said, now, member);
    if (record) this.add(record);
  }

  refused(subject: string, reason: string, position: string, member?: MemberStamp): void {
    this.enter();
    const why = member ? `${reason}\n${member.ring}\n${member.rule}` : reason;
    const key = `${why}\n${subject}`;
    const known = this.refusals.get(key);
    const name = known || this.refusals.size < MOST_REFUSALS ? key : `${reason}\n`;
    const counted = this.refusals.get(name);
    const all = name === key ? word(subject) : 'others';
    this.refusals.set(name, {
      subject: all,
      reason: word(reason),
      position,
      count: (counted?.count ?? 0) + 1,
      // What is counted together is of several rules.
      ...(name === key ? stamp(member) : {}),
    });
  }

  /** What was counted becomes records: at the end of an hour, and before the process ends. */
  settle(): void {
    const at = new Date(Math.max(0, this.hour) * HOUR_MS).toISOString();
    for (const counted of this.refusals.values()) this.add({ at, what: 'refused', ...counted });
    this.refusals.clear();
    const left = this.reports.newHour();
    if (left > 0) this.add({ at, what: 'dropped', until: new Date(this.now()).toISOString(), count: left });
  }

  /** To be called now and then: an hour ends also when nobody asks. @returns the time */
  enter(): number {
    const now = this.now();
    const hour = Math.floor(now / HOUR_MS);
    if (hour !== this.hour) {
      if (this.hour !== -1) this.settle();
      this.hour = hour;
      this.offers.clear();
      this.unaccepted.clear();
    }
    return now;
  }

  private bounded(device: DeviceMark | null): DeviceMark | null {
    if (device === null) return null;
    const { brand, model, serial, proof } = device;
    if (proof === 'key') {
      const name = `${brand}/${model}/${serial}`;
      if (!this.unaccepted.has(name) && this.unaccepted.size >= MOST_UNACCEPTED) return null;
      this.unaccepted.add(name);
    }
    return { brand: word(brand), model: word(model), serial: word(serial), proof };
  }
}

function stamp(member: MemberStamp | undefined): { readonly member?: MemberStamp } {
  return member ? { member } : {};
}
