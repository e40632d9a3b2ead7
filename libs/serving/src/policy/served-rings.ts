import { MembersByDevice, type AskedFrom, type MembershipDocument } from '#release-control/published';
import type { DeviceMark } from '#fleet/published';
import type { ServedRing } from './ring-state.js';

/** Who a device has shown to be, and from where and by which name it asks. */
export interface Claims extends AskedFrom {
  /** Null for one that showed no session of ours. */
  readonly device: DeviceMark | null;
}

/**
 * The rings that a proxy serves: its own, and those that rules of membership name. Immutable.
 *
 * A device is in the ring of the first rule that it matches by what its session proves, else in the proxy's own. One that showed only the key of a
 * serial, since upstream could not be asked, may be anybody: a rule counts for it only where it leads to a later ring than the proxy's own. Where and by
 * which name a device asks proves nothing and only ever keeps it out of a rule.
 */
export class ServedRings {
  private readonly members: MembersByDevice;
  private readonly order: readonly string[];
  private readonly byRule = new Map<string, ServedRing>();

  /** @param own the proxy's; undefined where nothing of it may be served: before its first policy, and while members are unknown */
  constructor(
    readonly own: ServedRing | undefined,
    readonly home: string,
    private readonly rings: ReadonlyMap<string, ServedRing>,
    private readonly membership: MembershipDocument | undefined,
  ) {
    this.members = membership ? new MembersByDevice(membership) : MembersByDevice.none;
    this.order = membership?.rings ?? [];
  }

  /** Whether all devices are in the proxy's own ring, whoever they are. */
  get isOne(): boolean {
    return this.members.isEmpty;
  }

  /** @returns undefined for a ring whose policy is not here, or whose devices this proxy does not serve */
  named(ring: string): ServedRing | undefined {
    return ring === this.home ? this.own : this.rings.get(ring);
  }

  /** @returns the ring's name where there is no policy of it yet */
  of({ device, ...from }: Claims): ServedRing | string {
    const own = this.own ?? this.home;
    if (device === null || !this.membership) return own;
    const entry = this.members.find(device, from);
    if (!entry) return own;
    if (device.proof === 'key' && !this.isLater(entry.ring)) return own;
    const ring = this.named(entry.ring);
    if (!ring) return entry.ring;
    const key = `${entry.ring} ${entry.name}`;
    const known = this.byRule.get(key);
    if (known) return known;
    const { position } = this.membership;
    const served = { ...ring, member: { ring: entry.ring, rule: entry.name, position } };
    this.byRule.set(key, served);
    return served;
  }

  private isLater(ring: string): boolean {
    return this.order.indexOf(ring) > this.order.indexOf(this.home);
  }
}
