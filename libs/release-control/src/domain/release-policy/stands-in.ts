import { sameRules } from '../approval-policy/approval-policy.js';
import { sameChoice } from '../change-request/captured-changes.js';
import type { ResolvedChange } from '../change-request/events.js';
import { sameMembers } from '../membership/rule.js';
import { sameTemplate } from '../template/template.js';
import { subjectKey } from '../../release-target.js';
import { haltsOf } from './halting.js';
import { choiceFor, listingOf, type ReleasePolicy } from './state.js';

/** Whether a ring's policy has what a change would make of it. */
export function standsIn(policy: ReleasePolicy, change: ResolvedChange): boolean {
  switch (change.kind) {
    case undefined:
      return sameChoice(choiceFor(policy, change.target), change.new);
    case 'access':
      return policy.access === change.new;
    case 'listing':
      return listingOf(policy, change) === change.new;
    case 'publisher-changes':
      return policy.publisherChanges.value === change.new;
    case 'approval-policy':
      return sameRules(policy.approval, change.new);
    case 'block':
      return !policy.blocked.has(subjectKey(change));
    case 'ring-halt':
      return policy.halts.length === 0;
    case 'halt':
      return haltsOf(policy, change).length === 0;
    case 'members':
      return sameMembers(policy.members.get(change.name)?.rule ?? null, change.new);
    case 'template':
      return sameTemplate(policy.templates.get(change.name)?.granted?.template ?? null, change.new);
  }
}
