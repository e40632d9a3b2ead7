import type { JsonObject, JsonValue, Reason } from '#kernel';
import type { components, operations } from '#api-client/schema';
import type { ApprovalRulesInForce } from './approval-types.js';
import type { AskedItem } from './asked-item.js';
import type { HoldEnd } from './hold-types.js';
import type { ExternalTicket } from '../input/external-ticket.js';
import type { DraftOfChange } from './draft-of-change.js';
import type { EmergencyOfChange } from './emergency-of-change.js';
import type { MembershipRule, MembersItem } from './members-types.js';
import type { ApprovedTemplate, StandardChange, TemplateItem, TemplateRef } from './template-types.js';

/** REST shapes of control: from its OpenAPI document, and by hand where that says less than the answer holds. */

type Schemas = components['schemas'];

export type Role = Schemas['GrantRoleBody']['role'];
export const ROLES = [
  'author',
  'approver',
  'qa',
  'operator',
  'admin',
  'auditor',
] as const satisfies readonly Role[];

export type ChangeStatus = Schemas['ChangeRequestLineDto']['status'];

/** A later ring of a release plan, and what it waits for. */
export type PlannedStage = Schemas['StageDto'];
export type StageView = Schemas['StageViewDto'];

/** A command's answer: where a reader must be to see what it did. */
export type Done = Schemas['Outcome'];
export type Leaving = Schemas['LeavingDto'];
export type RightsThen = Schemas['RightsThenDto'];
export type NewToken = Schemas['IssueTokenBody'];
export type NewSink = Schemas['AddSinkDto'];
export type SinkChange = Schemas['ChangeSinkDto'];
export type SinkRow = Schemas['SinkLineDto'];
export type Topic = SinkRow['about'][number];
export const TOPICS = [
  'waiting-for-signatures',
  'standard-changes',
  'halts',
  'failed-changes',
  'holds',
  'reviews',
  'alarms',
] as const satisfies readonly Topic[];
export type OverrideRow = Schemas['OverrideDto'];
export type StoreOverride = Schemas['OverrideFields'];
export type Decided = Schemas['DecidedDto'];
export type SyncRow = Schemas['SyncDto'];
export type SettingRow = Schemas['SettingDto'];
/** A setting that takes two people. */
export type SigningSetting = operations['confirmSetting']['parameters']['path']['key'];
export type ShownSettings = Schemas['SettingsDto'];
/** Of a setting; value null gives it up. */
export interface Change {
  readonly key: string;
  readonly value: string | null;
}
export type DeliveryRow = Schemas['DeliveryDto'];
export type DifferenceRow = Schemas['DifferenceDto'];
export type ComparisonSummary = Schemas['ComparisonSummaryDto'];
export type InstalledRevisions = Schemas['InstalledRevisionsDto'];
export type InstalledRevisionRow = Schemas['InstalledRevisionDto'];
export type InstalledRow = Schemas['InstalledOnDto'];

export type Access = Schemas['AccessPolicyDto'];
export type Halted = Schemas['HaltedDto'];
/** A halt that a change request ends. */
export interface HaltToEnd {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly why: string;
}

/** An override, in a person's words; revision null gives the channel back to upstream. */
export type OverrideItem = Schemas['ChangeItemDto'];
/** One asked-for change. */
export type Item =
  | OverrideItem
  | Schemas['SetAccessDto']
  | Schemas['ListSnapDto']
  | Schemas['SetPublisherChangesDto']
  | Schemas['UnblockSnapDto']
  | Schemas['SetApprovalPolicyDto']
  | Schemas['ResumeRingDto']
  | Schemas['ResumeSnapDto']
  | Schemas['PromoteDto']
  | MembersItem
  | TemplateItem;

export type Wait = Schemas['WaitDto'];
export type EmergencyLine = Schemas['EmergencyLineDto'];
export type RollBack = Schemas['RollBackDto'];
export type WayBackRow = Schemas['WayBackDto'];
export type Verification = Schemas['VerificationDto'];
export type ShownSignature = Schemas['ShownSignatureDto'];

export interface ChangeOutcome extends Done {
  readonly id: string;
  readonly status: string;
}

export interface ChangeDraft extends ChangeOutcome {
  /** What devices get for these channels until the change is approved and applied. */
  readonly inForce: readonly OverrideRow[];
  /** The access policy until then; null when the request changes none of it. */
  readonly accessInForce: Access | null;
  /** What it would wait for if it was approved now; older servers do not say it. */
  readonly waits?: Wait | null;
}

export interface Choice {
  readonly version: string;
  readonly manifest: string;
  /** The revision of the snap-declaration in that manifest; older records do not say it. */
  readonly declaration?: number;
  /** Absent: it has no end. */
  readonly expiry?: HoldEnd;
}

/** One line of what an approver signs: the target, what it holds now, what it shall hold. */
export interface OverrideChange {
  readonly kind?: undefined;
  readonly target: {
    readonly format: string;
    readonly subject: string;
    readonly channel: string;
    readonly architecture: string;
  };
  readonly name: string;
  /** Of a release plan: the later ring that it is of. */
  readonly ring?: string;
  readonly old: Choice | null;
  readonly new: Choice | null;
  /** Of what gets a version; older records do not say it. */
  readonly difference?: VersionDifference;
}

export type PolicyInForce = Schemas['PolicyDto'];
export type AuditedEvent = Schemas['AuditedEventDto'];
export type QueuedRequest = Schemas['QueuedRequestDto'];
export type VersionDifference = Schemas['DifferenceOfVersionsDto'];
export type Differences = Schemas['DifferencesDto'];
export type TargetDifference = Schemas['TargetDifferenceDto'];

type PolicyValue =
  string | readonly HaltToEnd[] | ApprovalRulesInForce | MembershipRule | ApprovedTemplate | null;

/** The same of a ring's access or approval policy, or of the list that a snap is on; a later server may have other kinds. */
export interface PolicyChange extends Partial<Pick<Schemas['MembersChangeDto'], 'takesFrom'>> {
  readonly kind: string;
  readonly format?: string;
  readonly subject?: string;
  readonly name?: string;
  /** Of a release plan: the later ring that it is of. */
  readonly ring?: string;
  readonly old: PolicyValue;
  readonly new: PolicyValue;
}

export type ResolvedChange = OverrideChange | PolicyChange;

export type ChangeWindow = Schemas['WindowDto'];

/** What its author says of a request, beside what is to change. */
export interface SaidOfChange extends JsonObject {
  readonly id: string;
  readonly ring: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly reason: Reason & JsonObject;
  readonly revision?: number;
  readonly supersedes?: string;
  readonly ticket?: ExternalTicket & JsonObject;
  /** Of a release plan: the rings after the first. */
  readonly stages?: readonly Schemas['PlannedStageDto'][] & JsonValue;
  /** The standard change that it is asked for as. */
  readonly template?: TemplateRef & JsonObject;
  /** The files that it was handed in with. */
  readonly attachments?: readonly Schemas['AttachmentDto'][] & JsonValue;
  readonly window?: ChangeWindow & JsonObject;
}

/** Exactly what a signature is bound to. More members may come: the digest is over all of them. */
export interface ChangeRecord extends SaidOfChange {
  readonly submittedAt: string;
  readonly changes: readonly ResolvedChange[] & JsonValue;
}

export interface HistoryLine {
  readonly position: string;
  readonly type: string;
  readonly at: string;
  readonly actor: {
    readonly name?: string;
    readonly id: string;
    readonly owner?: { readonly name: string };
  };
  readonly reason: Reason;
}

export interface ChangeView {
  readonly id: string;
  readonly ring: string;
  readonly status: string;
  readonly author: { readonly name: string };
  readonly reason: Reason;
  /** Servers from before there were times do not say it. */
  readonly window?: ChangeWindow;
  readonly items: readonly AskedItem[];
  readonly record: ChangeRecord | null;
  readonly recordDigest: string | null;
  /** What its author signs as they submit it; older servers do not say it. */
  readonly draft?: DraftOfChange | null;
  readonly signatures: readonly ShownSignature[];
  /** What the ring's approval policy still asks for, in words. */
  readonly missing: readonly string[];
  /** What it waits for, or would if it was approved now; older servers do not say it. */
  readonly waits?: Wait | null;
  /** Of what was released before it was approved; older servers do not say it. */
  readonly emergency?: EmergencyOfChange | null;
  /** Of what is asked for under a template; older servers do not say it. */
  readonly standardChange?: StandardChange | null;
  readonly failures?: readonly { readonly code: string; readonly message: string }[];
  readonly verification?: Verification | null;
  readonly earlier?: readonly Schemas['EarlierRevisionDto'][];
  readonly supersededBy?: string | null;
  readonly ticket?: ExternalTicket | null;
  readonly ticketReports?: readonly Schemas['TicketReportDto'][];
  /** Of a release plan; older servers do not say it. */
  readonly stages?: readonly StageView[];
  /** Why the rest of a plan never gets it. */
  readonly stoppedBecause?: string | null;
  readonly attachments?: readonly Schemas['ShownAttachmentDto'][];
  readonly comments?: readonly Schemas['CommentLineDto'][];
  readonly history: readonly HistoryLine[];
}
