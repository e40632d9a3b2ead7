import type { InstalledSnap } from './installed.js';

/** Who a device is, as far as it showed. */
export type DeviceMark = {
  readonly brand: string;
  readonly model: string;
  readonly serial: string;
  /** `store`: the upstream store has accepted its serial. `key`: it showed the key that its serial names, while upstream could not be asked. */
  readonly proof: 'store' | 'key';
};

/** Why a device is in its ring: the rule of membership that it matched. */
export type MemberStamp = {
  readonly ring: string;
  /** What the rule is called. */
  readonly rule: string;
  /** The ledger position of the membership document that had it. */
  readonly position: string;
};

/** What each record of serving has. */
type Stamped = {
  /** Absent where no rule says so: the device is in the ring that the node serves; older nodes never say it. */
  readonly member?: MemberStamp;
};

/** What each record has. */
type Recorded = {
  /** By the node's clock, RFC 3339 UTC; of what was counted, the beginning of its hour. */
  readonly at: string;
};

/** A revision was named in the answer to a refresh, an install or a download action. Once an hour for each device. */
export type Offered = Recorded &
  Stamped & {
    readonly what: 'offered';
    /** Null: it showed no session. */
    readonly device: DeviceMark | null;
    readonly snapId: string;
    readonly name: string;
    readonly revision: number;
    readonly channel: string | null;
    /** The ledger position of the policy that was obeyed. */
    readonly position: string;
  };

/** A download ended: with the artefact's last byte, or before. */
export type DownloadEnded = Recorded &
  Stamped & {
    readonly what: 'completed' | 'broken-off';
    readonly device: DeviceMark | null;
    readonly snapId: string | null;
    readonly name: string;
    readonly revision: number;
    readonly position: string;
  };

/** What the ring's access policy kept from devices, counted over an hour. */
export type Refused = Recorded &
  Stamped & {
    readonly what: 'refused';
    /** The snap-id, or what was asked for. */
    readonly subject: string;
    readonly reason: string;
    /** Of the last one. */
    readonly position: string;
    readonly count: number;
  };

/** Records that there was no room for; `at` is of the first. */
export type Dropped = Recorded & {
  readonly what: 'dropped';
  readonly until: string;
  readonly count: number;
};

/** What a device says that it has; again only when it says something else than this node last recorded of it. */
export type Installed = Recorded &
  Stamped & {
    readonly what: 'installed';
    readonly device: DeviceMark | null;
    readonly architecture: string;
    /** Names what was said: SHA-256, hex, of the node's making. Equal for equal reports. */
    readonly report: string;
    readonly snaps: readonly InstalledSnap[];
    /** How many more it named: too many for a record, or spelled as no store would. */
    readonly left: number;
    readonly position: string;
  };

/** A day later it still says what its last record of this node says. */
export type StillInstalled = Recorded &
  Stamped & {
    readonly what: 'still-installed';
    readonly device: DeviceMark;
    readonly report: string;
    readonly position: string;
  };

/** Requests that a shadow passed on to the incumbent, counted over some seconds: what comparing both answers came to. */
export type Compared = Recorded & {
  readonly what: 'compared';
  readonly until: string;
  /** What was asked: `refresh`, `info`, `find`, `assertion`, `other`. */
  readonly endpoint: string;
  /** `equal`, `differs`, or why they were not compared. */
  readonly outcome: string;
  readonly count: number;
};

/** The incumbent said something else than this proxy would have, counted over some seconds. */
export type Differed = Recorded & {
  readonly what: 'differed';
  readonly until: string;
  /** Null: not known. */
  readonly device: DeviceMark | null;
  readonly endpoint: string;
  readonly snapId: string | null;
  readonly name: string;
  /** The channel and the architecture, as far as it is about one of them. */
  readonly place: string | null;
  readonly incumbent: string;
  readonly ours: string;
  readonly why: string;
  /** Of the last one. */
  readonly position: string;
  readonly count: number;
};

export type DeliveryRecord =
  Offered | DownloadEnded | Refused | Dropped | Installed | StillInstalled | Compared | Differed;
