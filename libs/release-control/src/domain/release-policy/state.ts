import type { Access, Listing } from '../../access.js';
import { subjectKey, targetKey, type ReleaseTarget, type Subject } from '../../release-target.js';
import { BUILT_IN_POLICY, rulesOf, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import type { Choice } from '../change-request/events.js';
import type { MembershipRule } from '../membership/rule.js';
import type { GrantedTemplate } from '../template/template.js';
import type { Halt, ReleasePolicyEvent } from './events.js';

export interface Override extends Choice {
  readonly target: ReleaseTarget;
  readonly name: string;
  /** The one that set it. */
  readonly changeRequest: string;
}

/** A snap on one of the ring's lists. */
export interface ListedSubject extends Subject {
  readonly name: string;
  readonly listing: Listing;
}

/** What the ring does about publishers' doings; of `block`, since when and by which change request. */
export type PublisherChangesSetting =
  | { readonly value: 'keep' }
  | { readonly value: 'block'; readonly since: string; readonly changeRequest: string };

/** A snap that is halted in the ring, and by which halts. */
export interface HaltedSubject extends Subject {
  readonly name: string;
  readonly halts: readonly Halt[];
}

export interface AppliedEmergency {
  /** RFC 3339, UTC. */
  readonly ratifyBy: string;
  /** Of the halt for want of a ratification: there is one at most. Null while there was none. */
  readonly halt: string | null;
}

/** A rule that devices are members of the ring by. */
export interface Membership {
  readonly rule: MembershipRule;
  /** The one that it was approved in. */
  readonly changeRequest: string;
}

/** What there was under a template's name. */
export interface TemplateStanding {
  /** The last that there was: the next one is one more, also after it was withdrawn. */
  readonly version: number;
  /** Null: withdrawn. */
  readonly granted: GrantedTemplate | null;
  /** When uses took effect, of every version, in order; RFC 3339, UTC. */
  readonly usedAt: readonly string[];
}

/** What a ring's devices may have. */
export interface ReleasePolicy {
  readonly access: Access;
  /** By {@link targetKey}. */
  readonly overrides: ReadonlyMap<string, Override>;
  /** By {@link subjectKey}. */
  readonly listed: ReadonlyMap<string, ListedSubject>;
  readonly publisherChanges: PublisherChangesSetting;
  /** Snaps that are blocked for their publishers' doings, by {@link subjectKey}. */
  readonly blocked: ReadonlyMap<string, Subject & { readonly name: string }>;
  /** Ids of the events that snaps were blocked for, also of those that are no longer. */
  readonly blockCauses: ReadonlySet<string>;
  /** What it takes for a change to be approved. */
  readonly approval: ApprovalPolicy;
  /** The halts of the ring that are in force. */
  readonly halts: readonly Halt[];
  /** Snaps that are halted, by {@link subjectKey}. */
  readonly halted: ReadonlyMap<string, HaltedSubject>;
  /** What was released in an emergency and applied, by change request: also what was ratified, which is in the request's own stream. */
  readonly emergencies: ReadonlyMap<string, AppliedEmergency>;
  /** Which devices are the ring's, by the rules' names. */
  readonly members: ReadonlyMap<string, Membership>;
  /** Standard changes, by their templates' names. */
  readonly templates: ReadonlyMap<string, TemplateStanding>;
  /** Ids of the change requests that were applied. */
  readonly applied: ReadonlySet<string>;
}

export const emptyPolicy: ReleasePolicy = {
  access: 'open',
  overrides: new Map(),
  listed: new Map(),
  publisherChanges: { value: 'keep' },
  blocked: new Map(),
  blockCauses: new Set(),
  approval: BUILT_IN_POLICY,
  halts: [],
  halted: new Map(),
  emergencies: new Map(),
  members: new Map(),
  templates: new Map(),
  applied: new Set(),
};

export function evolve(policy: ReleasePolicy, event: ReleasePolicyEvent): ReleasePolicy {
  return evolveAll(policy, [event]);
}

/** As {@link evolve} for one after the other, in time that grows with their number only: what never changes is copied once. */
export function evolveAll(policy: ReleasePolicy, events: readonly ReleasePolicyEvent[]): ReleasePolicy {
  let { access, publisherChanges, approval, halts } = policy;
  const overrides = new Map(policy.overrides);
  const listed = new Map(policy.listed);
  const blocked = new Map(policy.blocked);
  const blockCauses = new Set(policy.blockCauses);
  const halted = new Map(policy.halted);
  const emergencies = new Map(policy.emergencies);
  const members = new Map(policy.members);
  const templates = new Map(policy.templates);
  const applied = new Set(policy.applied);
  for (const { type, data } of events) {
    switch (type) {
      case 'OverrideSet':
        overrides.set(targetKey(data.target), {
          target: data.target,
          name: data.name,
          changeRequest: data.changeRequest,
          ...data.new,
        });
        break;
      case 'OverrideRemoved':
        overrides.delete(targetKey(data.target));
        break;
      case 'AccessPolicySet':
        access = data.new;
        break;
      case 'SnapDenied':
      case 'SnapAllowed': {
        const { format, subject, name } = data;
        listed.set(subjectKey(data), { format, subject, name, listing: data.new });
        break;
      }
      case 'SnapUnlisted':
        listed.delete(subjectKey(data));
        break;
      case 'PublisherChangesSet':
        publisherChanges =
          data.new === 'block'
            ? { value: 'block', since: data.at, changeRequest: data.changeRequest }
            : { value: 'keep' };
        break;
      case 'SnapBlocked': {
        const { format, subject, name, because } = data;
        blocked.set(subjectKey(data), { format, subject, name });
        blockCauses.add(because.event);
        break;
      }
      case 'SnapUnblocked':
        blocked.delete(subjectKey(data));
        break;
      case 'ApprovalPolicySet':
        approval = { ...rulesOf(data.new), version: data.version, changeRequest: data.changeRequest };
        break;
      case 'EmergencyApplied':
        emergencies.set(data.changeRequest, { ratifyBy: data.ratifyBy, halt: null });
        break;
      case 'RingHalted': {
        halts = [...halts, data.halt];
        const unratified = data.unratified === undefined ? undefined : emergencies.get(data.unratified);
        if (data.unratified !== undefined && unratified)
          emergencies.set(data.unratified, { ...unratified, halt: data.halt.id });
        break;
      }
      case 'RingResumed':
        halts = [];
        break;
      case 'SnapHalted': {
        const { format, subject, name, halt } = data;
        const before = halted.get(subjectKey(data))?.halts ?? [];
        halted.set(subjectKey(data), { format, subject, name, halts: [...before, halt] });
        break;
      }
      case 'SnapResumed':
        halted.delete(subjectKey(data));
        break;
      case 'MembershipRuleSet':
        members.set(data.name, { rule: data.new, changeRequest: data.changeRequest });
        break;
      case 'MembershipRuleRemoved':
        members.delete(data.name);
        break;
      case 'TemplateSet': {
        const { name, version, changeRequest, approvedBy } = data;
        const granted = { name, version, template: data.new, changeRequest, approvedBy };
        templates.set(name, { version, granted, usedAt: templates.get(name)?.usedAt ?? [] });
        break;
      }
      case 'TemplateWithdrawn': {
        const { name, version } = data;
        templates.set(name, { version, granted: null, usedAt: templates.get(name)?.usedAt ?? [] });
        break;
      }
      case 'TemplateUsed': {
        const standing = templates.get(data.name);
        if (standing) templates.set(data.name, { ...standing, usedAt: [...standing.usedAt, data.at] });
        break;
      }
    }
    if ('changeRequest' in data) applied.add(data.changeRequest);
  }
  const lists = { listed, blocked, blockCauses, halts, halted, emergencies, members, templates };
  return { access, overrides, publisherChanges, approval, applied, ...lists };
}

/** Whatever the policy says something of, with what it goes by there: held, on a list, blocked or halted. A subject may come more than once. */
export function namedIn({
  overrides,
  listed,
  blocked,
  halted,
}: ReleasePolicy): readonly (Subject & { readonly name: string })[] {
  const held = [...overrides.values()].map(({ name, target: { format, subject } }) => ({
    format,
    subject,
    name,
  }));
  return [...held, ...listed.values(), ...blocked.values(), ...halted.values()];
}

/** The ring's choice for a target; null when upstream decides. */
export function choiceFor(policy: ReleasePolicy, target: ReleaseTarget): Choice | null {
  const override = policy.overrides.get(targetKey(target));
  if (!override) return null;
  const { target: _, name: __, changeRequest: ___, ...choice } = override;
  return choice;
}

/** The list that a subject is on; null when on none. */
export function listingOf(policy: ReleasePolicy, subject: Subject): Listing | null {
  return policy.listed.get(subjectKey(subject))?.listing ?? null;
}
