import type { Timed } from '#kernel';
import { subjectKey, targetKey, type ReleaseTarget, type Subject } from '../../release-target.js';
import type { ReleasePolicyEvent } from './events.js';
import { POLICY_VERSIONS } from './versions.js';

/** A version that a ring holds for a target. */
interface HeldSince {
  readonly target: ReleaseTarget;
  /** What it goes by. */
  readonly name: string;
  readonly version: string;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** Each change request that has set it since then, such as one that gave it another end. */
  readonly changeRequests: readonly string[];
}

const WITHHELD = ['halted', 'blocked', 'denied'] as const;
type Withheld = (typeof WITHHELD)[number];

/** What keeps a ring, or a snap in it, from being served, and since when nothing does. */
interface Standing {
  readonly withheld: readonly Withheld[];
  /** When the last of it ended; absent where there never was any. */
  readonly freeSince?: string;
}

/** Since when a ring holds what it holds, and serves it: of its own history, by the times at which that was recorded. */
export interface ServedSince {
  /** By {@link targetKey}. */
  readonly held: ReadonlyMap<string, HeldSince>;
  readonly ring: Standing;
  /** By {@link subjectKey}. */
  readonly subjects: ReadonlyMap<string, Standing>;
}

const FREE: Standing = { withheld: [] };

/** Reads a ring's history, and decides nothing. */
export const servedSince = {
  initialState: { held: new Map(), ring: FREE, subjects: new Map() } as ServedSince,
  versions: POLICY_VERSIONS,
  evolve: (state: ServedSince, event: Timed<ReleasePolicyEvent>): ServedSince => evolveAll(state, [event]),
  evolveAll,
};

function evolveAll(state: ServedSince, events: readonly Timed<ReleasePolicyEvent>[]): ServedSince {
  let { ring } = state;
  const held = new Map(state.held);
  const subjects = new Map(state.subjects);
  const now = (subject: Subject, at: string, what: Withheld, isOn: boolean) => {
    const key = subjectKey(subject);
    subjects.set(key, standing(subjects.get(key) ?? FREE, at, what, isOn));
  };
  for (const { type, data, at } of events) {
    switch (type) {
      case 'OverrideSet': {
        const key = targetKey(data.target);
        const before = held.get(key);
        const { changeRequest, target, name } = data;
        const { version } = data.new;
        held.set(
          key,
          before?.version === version
            ? { ...before, changeRequests: [...before.changeRequests, changeRequest] }
            : { target, name, version, since: at, changeRequests: [changeRequest] },
        );
        break;
      }
      case 'OverrideRemoved':
        held.delete(targetKey(data.target));
        break;
      case 'RingHalted':
      case 'RingResumed':
        ring = standing(ring, at, 'halted', type === 'RingHalted');
        break;
      case 'SnapHalted':
      case 'SnapResumed':
        now(data, at, 'halted', type === 'SnapHalted');
        break;
      case 'SnapBlocked':
      case 'SnapUnblocked':
        now(data, at, 'blocked', type === 'SnapBlocked');
        break;
      case 'SnapDenied':
      case 'SnapAllowed':
      case 'SnapUnlisted':
        now(data, at, 'denied', type === 'SnapDenied');
        break;
      case 'AccessPolicySet':
      case 'PublisherChangesSet':
      case 'ApprovalPolicySet':
      case 'EmergencyApplied':
      case 'MembershipRuleSet':
      case 'MembershipRuleRemoved':
      case 'TemplateSet':
      case 'TemplateWithdrawn':
      case 'TemplateUsed':
        break;
    }
  }
  return { held, ring, subjects };
}

function standing(before: Standing, at: string, what: Withheld, isOn: boolean): Standing {
  const was = before.withheld.includes(what);
  if (was === isOn) return before;
  return isOn
    ? { ...before, withheld: [...before.withheld, what] }
    : { withheld: before.withheld.filter((each) => each !== what), freeSince: at };
}

/** How a ring serves a version for a target: since when without a break, and by which change requests; or why it does not. */
export type Served =
  | { readonly served: true; readonly since: string; readonly changeRequests: readonly string[] }
  | { readonly served: false; readonly why: 'not-held' | 'ring-halted' | Withheld };

export function servedIn(
  { held, ring, subjects }: ServedSince,
  target: ReleaseTarget,
  version: string,
): Served {
  const found = held.get(targetKey(target));
  if (found?.version !== version) return { served: false, why: 'not-held' };
  if (ring.withheld.length > 0) return { served: false, why: 'ring-halted' };
  const { withheld, freeSince = '' } = subjects.get(subjectKey(target)) ?? FREE;
  const [why] = withheld;
  if (why !== undefined) return { served: false, why };
  const { changeRequests } = found;
  const since = [found.since, ring.freeSince ?? '', freeSince].sort().at(-1) ?? found.since;
  return { served: true, since, changeRequests };
}
