import { isInNetwork, readNetwork, type Network } from '#kernel';
import { deviceName, type DeviceName } from '#snap';
import type { MembershipDocument, MembershipEntry } from './document.js';

/** Where a device asks from and by which name: its own word, which proves nothing. */
export interface AskedFrom {
  /** As the socket has it; undefined where it is not known. */
  readonly address: string | undefined;
  /** Of the `Host` header, in small letters, without a port. */
  readonly host: string | undefined;
}

interface Candidate {
  readonly entry: MembershipEntry;
  readonly network: Network | undefined;
}

/**
 * Finds the rule that a device is in a ring by, in a time that does not grow with their number: by its serial, then by lists, then by its model, of which
 * few are narrowed. Immutable, made of each document once.
 */
export class MembersByDevice {
  static readonly none = new MembersByDevice({ rules: [], lists: [] });

  private readonly serials = new Map<string, readonly Candidate[]>();
  private readonly listed = new Map<string, readonly Candidate[]>();
  private readonly models = new Map<string, readonly Candidate[]>();

  constructor({ rules, lists }: Pick<MembershipDocument, 'rules' | 'lists'>) {
    const devices = new Map(lists.map((each) => [`${each.list} ${each.version}`, each.devices]));
    for (const entry of rules) {
      const network = entry.network === undefined ? undefined : readNetwork(entry.network);
      // A document is checked before: what reads as no network could not be here.
      if (typeof network === 'string') throw new Error(network);
      this.add(entry, { entry, network }, devices);
    }
  }

  /** Whether there is no rule at all. */
  get isEmpty(): boolean {
    return this.serials.size === 0 && this.listed.size === 0 && this.models.size === 0;
  }

  private add(
    entry: MembershipEntry,
    candidate: Candidate,
    devices: ReadonlyMap<string, readonly string[]>,
  ): void {
    const alone = [candidate];
    const append = (map: Map<string, readonly Candidate[]>, key: string): void => {
      const known = map.get(key);
      map.set(key, known ? [...known, candidate] : alone);
    };
    switch (entry.of) {
      case 'serial':
        return append(this.serials, deviceName(entry));
      case 'list':
        for (const device of devices.get(`${entry.list} ${entry.version}`) ?? []) append(this.listed, device);
        return undefined;
      case 'model':
        return append(this.models, modelName(entry));
    }
  }

  /** The first rule that the device matches; undefined when it is a member of no ring by any. */
  find(device: DeviceName, from: AskedFrom): MembershipEntry | undefined {
    const name = deviceName(device);
    return (
      matching(this.serials.get(name), from) ??
      matching(this.listed.get(name), from) ??
      matching(this.models.get(modelName(device)), from)
    );
  }

  /** All rules that it matches, from wherever it asks, in their order. */
  candidates(device: DeviceName): readonly MembershipEntry[] {
    const name = deviceName(device);
    const found = [this.serials.get(name), this.listed.get(name), this.models.get(modelName(device))];
    return found.flatMap((candidates) => candidates ?? []).map(({ entry }) => entry);
  }
}

function matching(
  candidates: readonly Candidate[] | undefined,
  { address, host }: AskedFrom,
): MembershipEntry | undefined {
  return candidates?.find(
    ({ entry, network }) =>
      (network === undefined || (address !== undefined && isInNetwork(network, address))) &&
      (entry.host === undefined || entry.host === host),
  )?.entry;
}

function modelName({ brand, model }: Pick<DeviceName, 'brand' | 'model'>): string {
  return `${brand}/${model}`;
}
