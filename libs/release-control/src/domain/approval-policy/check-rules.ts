import { TICKET_SYSTEM } from '../change-request/ticket.js';
import { ReleaseControlError } from '../errors.js';
import {
  CHANGE_KINDS,
  inRole,
  MOST_APPROVALS,
  MOST_HOURS_TO_RATIFY,
  ruleOf,
  SIGNING_ROLES,
  type ApprovalRule,
  type AskedRules,
  type Emergency,
  type ReviewRule,
} from './approval-policy.js';
import { freezesProblem } from './freeze.js';
import { soakProblem } from './soak-rule.js';

/**
 * Refuses rules that cannot be meant. Whoever may change the rules is asked for at least as much as by every other rule, in number and in each role:
 * else fewer, or others, than a rule asks for could first take it away (R26).
 * @param ring whose rules they are to be
 * @throws ReleaseControlError `invalid-items`
 */
export function checkRules(rules: AskedRules, ring: string): void {
  const named = [
    ['default', rules.default] as const,
    ...CHANGE_KINDS.flatMap((kind) => {
      const rule = rules.kinds[kind];
      return rule ? [[kind, rule] as const] : [];
    }),
  ];
  for (const [name, rule] of named) {
    const wrong = problemWith(rule);
    if (wrong) throw invalid(`the rule "${name}" ${wrong}`);
  }
  const changing = ruleOf(rules, 'approval-policy');
  for (const [name, rule] of named) {
    const more = moreThan(changing, rule);
    if (more)
      throw invalid(
        `the rule "${name}" asks for ${more}, and could be changed without: let the rule "approval-policy" ask for at least as many`,
      );
  }
  const wrong = rules.emergency && emergencyProblem(rules.emergency);
  if (wrong) throw invalid(`"emergency" ${wrong}`);
  const freeze = freezesProblem(rules.freezes ?? []);
  if (freeze) throw invalid(`"freezes" ${freeze}`);
  const soak = rules.soak && soakProblem(rules.soak, ring);
  if (soak) throw invalid(`"soak" ${soak}`);
  if (rules.ticket && !TICKET_SYSTEM.test(rules.ticket.system))
    throw invalid(`"ticket" names "${rules.ticket.system}", which is no name of a ticket system`);
}

/** People on call, or snaps that are named one by one: more than that is no exception any more. */
const MOST_NAMED = 50;

function emergencyProblem({
  onCall,
  snaps,
  ratifyWithinHours,
}: Emergency<string, string>): string | undefined {
  if (onCall.length === 0) return 'names nobody who is on call';
  if (snaps !== 'all' && snaps.length === 0) return 'names no snap: name some, or say "all"';
  for (const named of [onCall, ...(snaps === 'all' ? [] : [snaps])]) {
    if (named.length > MOST_NAMED) return `names ${named.length} at once: at most ${MOST_NAMED}`;
    const twice = named.find((each, i) => named.indexOf(each) !== i);
    if (twice !== undefined) return `names ${twice} twice`;
  }
  if (
    Number.isInteger(ratifyWithinHours) &&
    ratifyWithinHours >= 1 &&
    ratifyWithinHours <= MOST_HOURS_TO_RATIFY
  )
    return undefined;
  return `is to be ratified within ${ratifyWithinHours} hours: it must be 1 to ${MOST_HOURS_TO_RATIFY}`;
}

/** What a rule asks for and another does not, in words. */
function moreThan(other: ApprovalRule, rule: ApprovalRule): string | undefined {
  if (rule.approvals > other.approvals) return `${rule.approvals} persons`;
  const role = SIGNING_ROLES.find((each) => inRole(rule, each) > inRole(other, each));
  if (role) return `${inRole(rule, role)} with the role ${role}`;
  const { reviews } = rule;
  if (reviews === undefined) return undefined;
  if (reviews.persons > (other.reviews?.persons ?? 0)) return `${reviews.persons} who review`;
  const reviewer = SIGNING_ROLES.find(
    (each) => inRole(reviews, each) > (other.reviews ? inRole(other.reviews, each) : 0),
  );
  return reviewer && `${inRole(reviews, reviewer)} who review with the role ${reviewer}`;
}

function problemWith({ approvals, roles, order, reviews }: ApprovalRule): string | undefined {
  const wrong = askedProblem({ persons: approvals, roles, order }, 'approvals');
  return wrong ?? (reviews && askedProblem(reviews, 'reviews'));
}

/** @param what is asked for: what people approve with and what they review with take the same */
function askedProblem(
  { persons, roles, order }: ReviewRule,
  what: 'approvals' | 'reviews',
): string | undefined {
  if (!isCount(persons)) return `asks for ${persons} ${what}: it must be 1 to ${MOST_APPROVALS}`;
  const wrong = SIGNING_ROLES.find((role) => roles[role] !== undefined && !isCount(roles[role]));
  if (wrong)
    return `asks for ${roles[wrong]} persons with the role ${wrong}: leave it out, or ask for 1 to ${MOST_APPROVALS}`;
  const inRoles = SIGNING_ROLES.reduce((sum, role) => sum + (roles[role] ?? 0), 0);
  if (inRoles > persons) return `names ${inRoles} persons by role and asks for ${persons} ${what} only`;
  if (order === 'any') return undefined;
  if (order.length === 0) return 'has an empty order: say "any", or in which roles the signatures come';
  if (order.length > persons)
    return `names ${order.length} roles in order and asks for ${persons} ${what} only`;
  const missing = SIGNING_ROLES.find((role) => inRole({ roles, order }, role) < (roles[role] ?? 0));
  return (
    missing &&
    `asks for ${roles[missing]} of the role ${missing}, and its order names fewer: name each of them`
  );
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= MOST_APPROVALS;
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-items', message);
}
