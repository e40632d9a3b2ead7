import type { CommandContext } from '#kernel';
import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import type { ElectronicSignature, SignerNow } from '../signature.js';
import type { ChangeItem } from './change-item.js';
import type { WaitFacts } from './waiting.js';
import type { ChangeWindow } from './window.js';
import type { CaptureFailure, Mismatch, ResolvedChange } from './events.js';
import type { AttachedFile } from './attachment.js';
import type { Ticket, TicketState } from './ticket.js';
import type { Stage } from './plan.js';
import type { PlanCommand } from './plan-commands.js';
import type { SoakFacts } from './soak.js';
import type { GrantedTemplate, TemplateRef } from '../template/template.js';
import type { TemplateFacts, TemplateInRing } from '../template/why-not.js';
import type { DeliveryFigures } from './verification.js';

/** What every command has. */
export interface Command {
  readonly context: CommandContext;
}

export interface DraftChange extends Command {
  readonly type: 'DraftChange';
  readonly id: string;
  readonly ring: string;
  readonly items: readonly ChangeItem[];
  /** When it may take effect; absent: as soon as it is approved. */
  readonly window?: ChangeWindow;
  /** Id of the request that is over once this one is approved. */
  readonly supersedes?: string;
  /** The record outside that it follows. */
  readonly ticket?: Ticket;
  /** Of a release plan: the rings that get it after `ring`, in order. */
  readonly stages?: readonly Stage[];
  /** The standard change that it is asked for as: a draft, which its author hands in by signing it. */
  readonly template?: TemplateRef;
  /** Submit it in the same breath. */
  readonly submit: boolean;
  /** Of each ring that it is for, in order, as they are in force now; absent for what is to be released in an emergency. */
  readonly policies?: readonly ApprovalPolicy[];
}
/** The author says it anew: what there was is kept, and its signatures are void. */
export interface ReviseChange extends Command {
  readonly type: 'ReviseChange';
  /** A ring of it has it, whatever its own record says: what it gave stays in force, and another revision would change nothing there. */
  readonly applied: boolean;
  readonly items: readonly ChangeItem[];
  readonly window?: ChangeWindow;
  readonly ticket?: Ticket;
  readonly submit: boolean;
  /** Of each ring that it is for, in order, as they are in force now. */
  readonly policies?: readonly ApprovalPolicy[];
}
/** Another request was approved that says it supersedes this one. */
export interface SupersedeChange extends Command {
  readonly type: 'SupersedeChange';
  readonly by: string;
}
export interface CommentOnChange extends Command {
  readonly type: 'CommentOnChange';
  readonly text: string;
}
/** Its bytes are kept already. */
export interface AttachFile extends Command {
  readonly type: 'AttachFile';
  readonly file: AttachedFile;
}
export interface SubmitChange extends Command {
  readonly type: 'SubmitChange';
  /** Its author's. */
  readonly signature?: ElectronicSignature;
  /** Of each ring that it is for, in order, as they are in force now. */
  readonly policies?: readonly ApprovalPolicy[];
  /** What each person who signed it before as its author is now, by person id. */
  readonly signersNow?: ReadonlyMap<string, SignerNow>;
}
/** Its author signs that it takes effect by its template, and hands it in. */
export interface UseTemplate extends Command {
  readonly type: 'UseTemplate';
  readonly signature: ElectronicSignature;
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  /** The template of that name, as it is in force now; null: none is. */
  readonly granted: GrantedTemplate | null;
}
/** The ring does not let it take effect by its template any more. */
export interface VoidTemplateUse extends Command {
  readonly type: 'VoidTemplateUse';
  /** Each in words. */
  readonly reasons: readonly string[];
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
}
/** The worker's report that every item was resolved, fetched, verified and kept. */
export interface ReportCapture extends Command {
  readonly type: 'ReportCapture';
  readonly submission: number;
  readonly changes: readonly ResolvedChange[];
  /** Of what was signed as a standard change: what decides whether its template applies, of this moment. */
  readonly template?: TemplateInRing & TemplateFacts & { readonly policy: ApprovalPolicy };
}
export interface RefuseCapture extends Command {
  readonly type: 'RefuseCapture';
  readonly submission: number;
  readonly failures: readonly CaptureFailure[];
  /** How many items were not looked at any more. */
  readonly untried: number;
}
export interface ApproveChange extends Command {
  readonly type: 'ApproveChange';
  readonly signature: ElectronicSignature;
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  /** What each person who signed before is now, by person id. */
  readonly signersNow: ReadonlyMap<string, SignerNow>;
  /** Of a release plan: those of its later rings, in order, as they are in force now. */
  readonly stagePolicies?: readonly ApprovalPolicy[];
}
/** Somebody looked at it, as the ring's approval policy asks for: it approves nothing. */
export interface ReviewChange extends Omit<ApproveChange, 'type'> {
  readonly type: 'ReviewChange';
}
export interface RejectChange extends Command {
  readonly type: 'RejectChange';
  readonly signature: ElectronicSignature;
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
}
/** It takes effect now, under the ring's pre-authorisation, and is to be ratified. */
export interface ReleaseEmergency extends Command {
  readonly type: 'ReleaseEmergency';
  readonly signature: ElectronicSignature;
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  /** How the ring stands that the policy asks for soak in, which is passed over. */
  readonly soak?: SoakFacts | undefined;
}
/** Approval after the fact. */
export interface RatifyEmergency extends Command {
  readonly type: 'RatifyEmergency';
  readonly signature: ElectronicSignature;
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  /** What each person who ratified before is now, by person id. */
  readonly signersNow: ReadonlyMap<string, SignerNow>;
}
export interface RefuseRatification extends Command {
  readonly type: 'RefuseRatification';
  readonly signature: ElectronicSignature;
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
}
export interface WithdrawChange extends Command {
  readonly type: 'WithdrawChange';
}
/** The worker takes on what is approved, when its time has come. */
export interface StartChange extends Command, WaitFacts {
  readonly type: 'StartChange';
  /** The ring has it: only the request's own record is to be caught up. */
  readonly applied: boolean;
}
/** The worker saw that the latest time has passed. */
export interface ExpireChange extends Command {
  readonly type: 'ExpireChange';
  /** The ring has it: its own record is to be caught up, and nothing expires. */
  readonly applied: boolean;
}
/** A person stops what is approved, before it is in force. */
export interface RecallChange extends Command {
  readonly type: 'RecallChange';
}
/** A ticket's system says how it stands; who sent it was proved with the system's secret. */
export interface ReportTicketState extends Command {
  readonly type: 'ReportTicketState';
  /** Of the request. */
  readonly id: string;
  /** Id of the message. */
  readonly message: string;
  readonly ticket: Pick<Ticket, 'system' | 'id'>;
  /** Of the request, as the system saw it. */
  readonly revision: number;
  readonly state: TicketState;
  readonly by: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
}
/** The worker found that the ring's policy moved since the capture. */
export interface MarkStale extends Command {
  readonly type: 'MarkStale';
  readonly mismatches: readonly Mismatch[];
}
/** The worker's report that the ring's policy now is as approved. */
export interface RecordApplied extends Command {
  readonly type: 'RecordApplied';
  readonly policy: string;
}
/** Somebody looked at what the change did. */
export interface VerifyChange extends Command {
  readonly type: 'VerifyChange';
  /** Of the ring that has it last, as it is in force now. */
  readonly policy: Pick<ApprovalPolicy, 'verifiedByOthers'>;
  readonly passed: boolean;
  /** In the person's words: which devices, which test; and in which ring, which has to be said of a plan. */
  readonly lookedAt: string;
  readonly ring?: string | undefined;
  /** What the delivery records said at that moment. */
  readonly figures: readonly DeliveryFigures[];
}
export interface CloseChange extends Command {
  readonly type: 'CloseChange';
}
/** An admin gives what somebody who left was working on to another author. */
export interface HandOverChange extends Command {
  readonly type: 'HandOverChange';
  /** With the roles of now. */
  readonly to: { readonly id: string; readonly name: string; readonly roles: readonly string[] };
  readonly authorIsDisabled: boolean;
}

export type ChangeRequestCommand =
  | DraftChange
  | SubmitChange
  | UseTemplate
  | VoidTemplateUse
  | ReportCapture
  | RefuseCapture
  | ApproveChange
  | ReviewChange
  | RejectChange
  | ReleaseEmergency
  | RatifyEmergency
  | RefuseRatification
  | WithdrawChange
  | ReviseChange
  | SupersedeChange
  | CommentOnChange
  | AttachFile
  | StartChange
  | ExpireChange
  | RecallChange
  | ReportTicketState
  | MarkStale
  | RecordApplied
  | VerifyChange
  | CloseChange
  | HandOverChange
  | PlanCommand;
