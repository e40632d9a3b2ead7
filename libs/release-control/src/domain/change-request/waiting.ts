import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { frozenAt } from '../approval-policy/freeze.js';
import type { ChangeItem } from './change-item.js';
import type { ChangeWindow } from './window.js';

/** What keeps an approved change from taking effect for some time. */
export interface Wait {
  readonly for: 'freeze';
  /** RFC 3339, UTC. */
  readonly until: string;
  /** In words: of a freeze, its reason. */
  readonly why: string;
}

interface Waiting {
  readonly items: readonly ChangeItem[];
  readonly window: ChangeWindow;
}

/**
 * What a ring's policy has a change wait for at a time. A change of nothing but the approval policy gives devices nothing, is signed by as many as other changes are, and is how a freeze
 * is lifted: it waits for none.
 * @param at RFC 3339
 */
export function waitAt({ items }: Pick<Waiting, 'items'>, policy: ApprovalPolicy, at: string): Wait | null {
  if (items.every(({ kind }) => kind === 'approval-policy')) return null;
  const frozen = frozenAt(policy.freezes ?? [], at);
  return frozen && { for: 'freeze', until: frozen.until, why: frozen.why };
}

/** What it would wait for if it was approved now, and its policy stayed as it is; for who is to decide. @param now RFC 3339 */
export function waitAhead(request: Waiting, policy: ApprovalPolicy, now: string): Wait | null {
  const { notBefore = now } = request.window;
  return waitAt(request, policy, notBefore > now ? notBefore : now);
}
