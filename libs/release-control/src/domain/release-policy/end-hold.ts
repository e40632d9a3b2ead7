import type { CommandContext } from '#kernel';
import { subjectKey, targetKey, type ReleaseTarget } from '../../release-target.js';
import { frozenAt } from '../approval-policy/freeze.js';
import { sameExpiry, type HoldExpiry } from '../change-request/hold-expiry.js';
import type { BlockCause, ReleasePolicyEvent } from './events.js';
import { choiceFor, type ReleasePolicy } from './state.js';

/** The time of a hold is over: what was signed with it comes about. */
export interface EndHold {
  readonly type: 'EndHold';
  readonly target: ReleaseTarget;
  readonly version: string;
  readonly expiry: HoldExpiry;
  /** The event that says that it is over. */
  readonly because: BlockCause;
  readonly context: CommandContext;
}

/** Nothing, where the ring holds another version by now, or until another time; nothing the second time; and nothing is released in a freeze, after which it is asked for again. */
export function endHold(
  { target, version, expiry, because, context }: EndHold,
  policy: ReleasePolicy,
): ReleasePolicyEvent[] {
  const held = policy.overrides.get(targetKey(target));
  const old = choiceFor(policy, target);
  if (!held || !old || held.version !== version || !sameExpiry(held.expiry, expiry)) return [];
  const { name, changeRequest } = held;
  switch (expiry.action) {
    case 'keep':
      return [];
    case 'release':
      if (frozenAt(policy.approval.freezes ?? [], context.at) !== null) return [];
      return [{ type: 'OverrideRemoved', data: { target, name, old, new: null, changeRequest } }];
    case 'block': {
      if (policy.blockCauses.has(because.event)) return [];
      const { format, subject } = target;
      const before = policy.blocked.has(subjectKey(target)) ? 'blocked' : null;
      const data = { format, subject, name, old: before, new: 'blocked', because, changeRequest } as const;
      return [{ type: 'SnapBlocked', data }];
    }
  }
}
