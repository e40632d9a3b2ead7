import type { ChangeRequestStatus } from '../change-request/state.js';

/** How an update stands in a ring (IEC TR 62443-2-3), the furthest that it has come. */
export const UPDATE_STATES = [
  'not-applicable',
  'known',
  'evaluated',
  'tested',
  'approved',
  'deployed',
  'not-applied',
] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

/** A request for this version in the ring. */
export interface RequestFact {
  readonly id: string;
  readonly status: ChangeRequestStatus;
  /** Of the last thing that was done to it. */
  readonly why: string | null;
  /** RFC 3339, UTC: when it was captured, and so found to apply; null before. */
  readonly capturedAt: string | null;
}

/** What the ring has instead. */
export interface HeldFact {
  readonly version: string;
  readonly since: string;
  readonly changeRequest: string;
  /** Of that request. */
  readonly reason: string | null;
  /** The risk acceptance of the hold, with its owner and end; null where nobody has said any. */
  readonly acceptance: string | null;
  /** Since when upstream has another version, as far as we know. */
  readonly newerSince: string | null;
}

export interface UpdateFacts {
  readonly version: string;
  /** Requests for it in this ring. */
  readonly requests: readonly RequestFact[];
  /** Rings that come before, in which somebody verified it, and the request. */
  readonly verifiedBefore: readonly { readonly ring: string; readonly id: string }[];
  /** What the ring holds of the subject. */
  readonly held: readonly HeldFact[];
  /** Why the ring gives out nothing of the subject: halted, blocked, denied; null where it does. */
  readonly withheld: string | null;
  /** Devices of the ring that say they have some version of the subject, and those that say they have this one. */
  readonly devicesWithAny: number;
  readonly devicesWithThis: number;
}

/** An update in a ring. */
export interface UpdateCell {
  readonly state: UpdateState;
  /** Whether the ring has anything to do with the subject: it holds it, its devices have it, or somebody asked for it. */
  readonly applicable: boolean;
  /** Requests that it was looked at in, whatever became of them. */
  readonly evaluatedIn: readonly string[];
  /** Where it was tested: requests of rings before, and of this one, that somebody verified. */
  readonly testedIn: readonly { readonly ring: string; readonly id: string }[];
  readonly approvedIn: readonly string[];
  readonly devices: number;
  /** Why the ring does not have it, and what is done about the risk; null where it is approved or deployed, or does not apply. */
  readonly notApplied: { readonly reason: string; readonly mitigation: string | null } | null;
  /** Whole days for which the ring has held another version since upstream has had this one or a later; null where it does not. */
  readonly behindDays: number | null;
  /** Whole days since a request that is still under way took it on, where the ring does not have it; null where none has. */
  readonly takenOnDays: number | null;
  /** It is behind, or was taken on and not applied, for longer than the site lets that be without a review. */
  readonly reviewDue: boolean;
}

const EVALUATED: readonly ChangeRequestStatus[] = ['captured', 'in-review'];
const APPROVED: readonly ChangeRequestStatus[] = [
  'approved',
  'scheduled',
  'released',
  'rolling-out',
  'effective',
  'verified',
  'closed',
];
/** Found to apply, and neither turned down nor over: nobody has said why it is not applied. */
export const TAKEN_ON: readonly ChangeRequestStatus[] = [
  'captured',
  'in-review',
  'approved',
  'scheduled',
  'released',
  'rolling-out',
];
const VERIFIED: readonly ChangeRequestStatus[] = ['verified', 'closed'];
const NOT_TAKEN: Readonly<Partial<Record<ChangeRequestStatus, string>>> = {
  rejected: 'was rejected',
  withdrawn: 'was withdrawn',
  expired: 'expired',
  recalled: 'was recalled',
  stale: 'became stale',
  superseded: 'was superseded',
  stopped: 'was stopped before it came to this ring',
  'verification-failed': 'did not pass its verification',
  'capture-refused': 'could not be captured',
};

const DAY_MS = 86_400_000;

/**
 * How an update stands in a ring, from what is recorded.
 * @param now RFC 3339, UTC
 * @param reviewAfterDays how long a ring may hold back before its hold is to be reviewed
 */
export function cellOf(ring: string, facts: UpdateFacts, now: string, reviewAfterDays: number): UpdateCell {
  const { requests, held, devicesWithThis: devices, devicesWithAny, verifiedBefore, version } = facts;
  const of = (statuses: readonly ChangeRequestStatus[]) =>
    requests.filter(({ status }) => statuses.includes(status)).map(({ id }) => id);
  const applicable = held.length > 0 || devicesWithAny > 0 || requests.length > 0;
  const isHeld = held.some((each) => each.version === version);
  const approvedIn = of(APPROVED);
  const testedIn = [...verifiedBefore, ...of(VERIFIED).map((id) => ({ ring, id }))];
  const notApplied = applicable && devices === 0 && !isHeld ? whyNot(facts) : null;
  const behindDays = isHeld ? null : daysBehind(held, version, now);
  const takenOnDays = isHeld || devices > 0 ? null : daysTakenOn(requests, now);
  return {
    state: stateOf(),
    applicable,
    evaluatedIn: requests.map(({ id }) => id),
    testedIn,
    approvedIn,
    devices,
    notApplied: devices === 0 && (isHeld || isAboutToBe()) ? null : notApplied,
    behindDays,
    takenOnDays,
    reviewDue: [behindDays, takenOnDays].some((days) => days !== null && days >= reviewAfterDays),
  };

  function isAboutToBe(): boolean {
    return of(['approved', 'scheduled', 'released', 'rolling-out']).length > 0;
  }

  function stateOf(): UpdateState {
    if (!applicable) return 'not-applicable';
    if (devices > 0) return 'deployed';
    if (isHeld || isAboutToBe()) return 'approved';
    if (of(EVALUATED).length > 0) return verifiedBefore.length > 0 ? 'tested' : 'evaluated';
    if (requests.some(({ status }) => NOT_TAKEN[status] !== undefined)) return 'not-applied';
    if (verifiedBefore.length > 0) return 'tested';
    return notApplied ? 'not-applied' : 'known';
  }
}

function whyNot({ requests, held, withheld, version }: UpdateFacts): UpdateCell['notApplied'] {
  const mitigation = held.map(({ acceptance }) => acceptance).find((said) => said !== null) ?? null;
  const because = (reason: string) => ({ reason, mitigation });
  if (withheld !== null) return because(withheld);
  const last = requests.findLast(({ status }) => NOT_TAKEN[status] !== undefined);
  if (last) return because(`${last.id} ${NOT_TAKEN[last.status]}${last.why === null ? '' : `: ${last.why}`}`);
  const other = held.find((each) => each.version !== version);
  if (!other) return null;
  const said = other.reason === null ? '' : `: ${other.reason}`;
  return because(`it holds ${other.version} since ${other.since} by ${other.changeRequest}${said}`);
}

/** Of what is newer than what is held: an older version is nothing to catch up with. */
function daysBehind(held: readonly HeldFact[], version: string, now: string): number | null {
  const since = held
    .filter((each) => Number(version) > Number(each.version))
    .flatMap(({ newerSince }) => newerSince ?? [])
    .sort()[0];
  return since === undefined ? null : daysSince(since, now);
}

function daysTakenOn(requests: readonly RequestFact[], now: string): number | null {
  const since = requests
    .filter(({ status }) => TAKEN_ON.includes(status))
    .flatMap(({ capturedAt }) => capturedAt ?? [])
    .sort()[0];
  return since === undefined ? null : daysSince(since, now);
}

function daysSince(since: string, now: string): number {
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / DAY_MS));
}
