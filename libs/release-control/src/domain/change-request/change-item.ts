import type { Access, PublisherChanges } from '../../access.js';
import type { HoldExpiry } from './hold-expiry.js';
import type { AskedRules } from '../approval-policy/approval-policy.js';
import type { AskedRule } from '../membership/rule.js';
import type { AskedTemplate } from '../template/template.js';

/** An override that a person asks for, in a person's words. Capture resolves it to exact targets. The oldest kind of item: it names none. */
export interface OverrideItem {
  readonly kind?: undefined;
  readonly format: string;
  /** The subject's name: for a snap, the snap's name. */
  readonly name: string;
  readonly channel: string;
  /** For this one alone; otherwise for each that the version is for, or that is held. */
  readonly architecture?: string;
  /** The version to hold; null gives the target back to upstream. */
  readonly version: string | null;
  /** Of a version; absent: it is held for as long as nobody changes it. */
  readonly expiry?: HoldExpiry;
}

/** The ring's access policy. */
export interface AccessItem {
  readonly kind: 'access';
  readonly access: Access;
}

/** A snap, by its name, on the ring's deny list or allow list, or off it. */
export interface ListingItem {
  readonly kind: 'deny' | 'allow';
  readonly format: string;
  readonly name: string;
  /** False takes it off that list. */
  readonly listed: boolean;
}

/** What the ring does about publishers' doings. */
export interface PublisherChangesItem {
  readonly kind: 'publisher-changes';
  readonly publisherChanges: PublisherChanges;
}

/** A snap, by its name, that was blocked for its publisher's doings is served again. */
export interface UnblockItem {
  readonly kind: 'unblock';
  readonly format: string;
  readonly name: string;
}

/** What it takes, in the ring, for a change to be approved: all of it, in the place of what there is. */
export interface ApprovalPolicyItem {
  readonly kind: 'approval-policy';
  readonly rules: AskedRules;
}

/** The ring was halted, and goes on. */
export interface ResumeRingItem {
  readonly kind: 'resume-ring';
}

/** A snap, by its name, was halted in the ring, and goes on. */
export interface ResumeSnapItem {
  readonly kind: 'resume';
  readonly format: string;
  readonly name: string;
}

/** The ring is to hold exactly what an earlier ring holds when this is resolved, as it was captured for that one, and nothing else. */
export interface PromotionItem {
  readonly kind: 'promotion';
  /** The ring that comes before. */
  readonly from: string;
  /** The digest of that ring's policy that it was thought of for; absent: whatever it is. */
  readonly ifPolicy?: string;
}

/** Devices are members of the ring by this rule, or are not any more. */
export interface MembersItem {
  readonly kind: 'members';
  readonly rule: AskedRule;
  /** False takes the rule away. */
  readonly members: boolean;
}

/** A standard change is to be approved by its template: in the place of the one of the same name. */
export interface TemplateItem {
  readonly kind: 'template';
  readonly template: AskedTemplate;
}

export type ChangeItem =
  | OverrideItem
  | AccessItem
  | ListingItem
  | PublisherChangesItem
  | UnblockItem
  | ApprovalPolicyItem
  | ResumeRingItem
  | ResumeSnapItem
  | PromotionItem
  | MembersItem
  | TemplateItem;
