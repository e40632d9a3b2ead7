import { isSamePerson, type AccountsKnown } from '#kernel';
import type { ApprovalRules } from '../approval-policy/approval-policy.js';
import type { ResolvedChange } from './events.js';

/**
 * What only others may approve, whoever wrote the request (R27): that a ring goes on which was halted for one's own emergency, and that one is on call oneself.
 * @param person id
 * @returns why; undefined: the person may
 */
export function othersOnly(
  change: ResolvedChange,
  person: string,
  known: AccountsKnown,
): 'own-emergency' | 'own-pre-authorisation' | undefined {
  const isTheirs = (account: string) => isSamePerson(account, person, known);
  if (change.kind === 'ring-halt' && change.old.some(({ concerns = [] }) => concerns.some(isTheirs)))
    return 'own-emergency';
  if (change.kind !== 'approval-policy') return undefined;
  const isNamed = ({ emergency }: ApprovalRules) =>
    emergency?.onCall.some((each) => isTheirs(each.person)) ?? false;
  return isNamed(change.new) && !isNamed(change.old) ? 'own-pre-authorisation' : undefined;
}
