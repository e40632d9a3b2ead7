import { canonicalJson, type JsonValue } from '#kernel';
import type { Subject } from '../../release-target.js';
import type { ResolvedChange } from '../change-request/events.js';
import type { Freeze } from './freeze.js';
import type { SoakRule } from './soak-rule.js';
import type { TicketRule } from './ticket-rule.js';

/** The roles that people sign in, those of identity that decide. */
export const SIGNING_ROLES = ['approver', 'qa'] as const;
export type SigningRole = (typeof SIGNING_ROLES)[number];

/** Who verifies a change: operators see devices, QA answers for what is released. */
export const VERIFYING_ROLES = ['operator', 'qa'] as const;

/**
 * What a change is of, as far as it can ask for signatures of its own. In this order wherever kinds are listed. `hold-without-expiry`: an override that sets a version and names no
 * end (R38), which takes what an override takes as well.
 */
export const CHANGE_KINDS = [
  'override',
  'hold-without-expiry',
  'access',
  'listing',
  'publisher-changes',
  'unblock',
  'resume',
  'members',
  'approval-policy',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** More than a board has members that decide on one thing. */
export const MOST_APPROVALS = 5;

/** What it takes for a change to be approved (R26). */
export interface ApprovalRule {
  /** So many different persons, 1 to {@link MOST_APPROVALS}, none of them the author. */
  readonly approvals: number;
  /** How many of them must hold which role. A person counts in one role only, also who holds two. */
  readonly roles: Readonly<Partial<Record<SigningRole, number>>>;
  /** `any`, or the roles in which the first signatures come, one after the other. */
  readonly order: 'any' | readonly SigningRole[];
  /** Who reviews it first. Absent: nobody has to. */
  readonly reviews?: ReviewRule;
}

/** What it takes for a change to be reviewed, before anybody's approval of it counts: by signatures of the meaning `reviewed`, which approve nothing (R26). */
export interface ReviewRule {
  /** So many different persons, 1 to {@link MOST_APPROVALS}, none of whom is the author or approves it. */
  readonly persons: number;
  /** How many of them must hold which role. */
  readonly roles: Readonly<Partial<Record<SigningRole, number>>>;
  /** `any`, or the roles in which the first reviews come, one after the other. */
  readonly order: 'any' | readonly SigningRole[];
}

/** An order asks for each role that it names, also for those that `roles` says nothing of. */
export function inRole({ roles, order }: Pick<ApprovalRule, 'roles' | 'order'>, role: SigningRole): number {
  return order === 'any' ? (roles[role] ?? 0) : order.filter((each) => each === role).length;
}

/** A snap, or whatever the format calls its subjects, with the name that it went by when somebody named it. */
export interface NamedSubject extends Subject {
  readonly name: string;
}

/** A person, with the login that they were named by: theirs for ever (R20). */
export interface OnCall {
  readonly person: string;
  readonly login: string;
}

/** Who may release a change of a ring before it is approved, of what, and how soon it must be ratified (ADR 0021). */
export interface Emergency<Snap = NamedSubject, Person = OnCall> {
  /** By login, in order. */
  readonly onCall: readonly Person[];
  readonly snaps: 'all' | readonly Snap[];
  /** 1 to {@link MOST_HOURS_TO_RATIFY}, from the release on. */
  readonly ratifyWithinHours: number;
}

/** A week: a release that nobody has looked at for longer is no emergency. */
export const MOST_HOURS_TO_RATIFY = 168;

/** The rules of a ring: by kind of change, and the one for all kinds that have none of their own. */
export interface ApprovalRules<Snap = NamedSubject, Person = OnCall> {
  readonly default: ApprovalRule;
  readonly kinds: Readonly<Partial<Record<ChangeKind, ApprovalRule>>>;
  /** Absent: nothing is released before it is approved. */
  readonly emergency?: Emergency<Snap, Person>;
  /** Absent: what is approved takes effect at any time. */
  readonly freezes?: readonly Freeze[];
  /** Absent: no ticket is asked for. */
  readonly ticket?: TicketRule;
  /** Absent: what is approved waits for no other ring. */
  readonly soak?: SoakRule;
  /** Its author signs a request as they submit it. Absent: they need not. */
  readonly authored?: true;
  /** Who signed a decision on a request does not verify what came of it (R27). Absent: they may. */
  readonly verifiedByOthers?: true;
  /** A version takes effect once the trail of its change is reviewed (R15). Absent: it waits for no review of the trail. */
  readonly trailReviewed?: true;
}

/** As people write them: with names of snaps, and logins, which capture resolves. */
export type AskedRules = ApprovalRules<string, string>;

/** A ring's approval policy. Decisions store the version that they were made under. */
export interface ApprovalPolicy extends ApprovalRules {
  /** Counts from 0, which is built in. */
  readonly version: number;
  /** The one that it was set by; null for version 0. */
  readonly changeRequest: string | null;
}

/** What a ring begins with: one approver. */
export const BUILT_IN_POLICY: ApprovalPolicy = {
  version: 0,
  changeRequest: null,
  default: { approvals: 1, roles: { approver: 1 }, order: 'any' },
  kinds: {},
};

/** The policy without its version. */
export function rulesOf({
  default: otherwise,
  kinds,
  emergency,
  freezes,
  ticket,
  soak,
  authored,
  verifiedByOthers,
  trailReviewed,
}: ApprovalRules): ApprovalRules {
  return {
    default: otherwise,
    kinds,
    ...(emergency === undefined ? {} : { emergency }),
    ...(freezes === undefined ? {} : { freezes }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(soak === undefined ? {} : { soak }),
    ...(authored === undefined ? {} : { authored }),
    ...(verifiedByOthers === undefined ? {} : { verifiedByOthers }),
    ...(trailReviewed === undefined ? {} : { trailReviewed }),
  };
}

/** Equal for equal rules. */
export function textOf(rules: ApprovalRules): string {
  return canonicalJson(rulesOf(rules) as unknown as JsonValue);
}

export function sameRules(a: ApprovalRules, b: ApprovalRules): boolean {
  return textOf(a) === textOf(b);
}

/** A rule, and the kinds of change in the request that ask for it. */
export interface AskedRule {
  readonly kinds: readonly ChangeKind[];
  readonly rule: ApprovalRule;
}

/** What a request needs: the rule of each kind of change in it. All of them must be met, so that of several the strictest counts in each respect. */
export function rulesFor(
  policy: Pick<ApprovalRules, 'default' | 'kinds'>,
  changes: readonly AskingChange[],
): readonly AskedRule[] {
  const named = new Set(changes.flatMap((change) => kindsOf(change, policy)));
  const asked = CHANGE_KINDS.filter((kind) => named.has(kind));
  const byRule = Map.groupBy(asked, (kind) => canonicalJson(ruleOf(policy, kind) as unknown as JsonValue));
  return [...byRule.values()].flatMap((kinds) => {
    const [first] = kinds;
    return first ? [{ kinds, rule: ruleOf(policy, first) }] : [];
  });
}

/** What of a change says which rules it takes. */
type AskingChange = Pick<ResolvedChange, 'kind'> & { readonly new?: unknown };

/** Persons who ratify at least, whatever the ring asks for at daytime. */
const RATIFIED_BY = 2;

/** What it takes to ratify what was released in an emergency: what it would have taken to approve it, and two persons at least. Nothing is reviewed that is in force already. */
export function ratificationRules(
  policy: ApprovalRules,
  changes: readonly AskingChange[],
): readonly AskedRule[] {
  return rulesFor(policy, changes).map(({ kinds, rule: { reviews: _, ...rule } }) => {
    return { kinds, rule: { ...rule, approvals: Math.max(RATIFIED_BY, rule.approvals) } };
  });
}

/** A hold without an end is an override, where the ring asks for nothing else. */
export function ruleOf(policy: Pick<ApprovalRules, 'default' | 'kinds'>, kind: ChangeKind): ApprovalRule {
  if (kind === 'hold-without-expiry') return policy.kinds[kind] ?? ruleOf(policy, 'override');
  return policy.kinds[kind] ?? policy.default;
}

function kindsOf(change: AskingChange, { kinds }: Pick<ApprovalRules, 'kinds'>): readonly ChangeKind[] {
  const { kind } = change;
  switch (kind) {
    case undefined:
      return kinds['hold-without-expiry'] && isWithoutExpiry(change)
        ? ['override', 'hold-without-expiry']
        : ['override'];
    case 'block':
      return ['unblock'];
    case 'ring-halt':
    case 'halt':
      return ['resume'];
    case 'access':
    case 'listing':
    case 'publisher-changes':
    case 'members':
    case 'approval-policy':
      return [kind];
    // What it takes to change the rules: a template is one of them.
    case 'template':
      return ['approval-policy'];
  }
}

function isWithoutExpiry({ new: choice }: AskingChange): boolean {
  return typeof choice === 'object' && choice !== null && !('expiry' in choice);
}
