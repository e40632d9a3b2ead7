import type { CommandContext, ElectronicSignature } from '#kernel';
import type { Content } from '../content.js';
import type { ReviewMeaning } from '../kinds.js';
import type { Decision, Finding } from './events.js';

export interface OpenReview {
  readonly type: 'OpenReview';
  readonly id: string;
  readonly content: Content;
  /** RFC 3339, UTC. */
  readonly nextDue: string;
  readonly context: CommandContext;
}

export interface DecideOnRights {
  readonly type: 'DecideOnRights';
  readonly decisions: readonly Omit<Decision, 'by'>[];
  readonly context: CommandContext;
}

/** What a reviewer says; by whom and when is of the command. */
export type GivenFinding = Finding extends infer Each
  ? Each extends Finding
    ? Omit<Each, 'by' | 'at'>
    : never
  : never;

export interface RecordFinding {
  readonly type: 'RecordFinding';
  readonly finding: GivenFinding;
  readonly context: CommandContext;
}

/** What who signed is at this moment. */
export interface SignerNow {
  readonly roles: readonly string[];
  readonly resets: number;
}

/** What somebody may do that the review does not list. */
export interface GainedRight {
  /** Of the event, in the trail. */
  readonly position: string;
  /** For a sentence. */
  readonly what: string;
}

export interface SignReview {
  readonly type: 'SignReview';
  readonly signature: ElectronicSignature<ReviewMeaning>;
  /** By person id: of each who signed before. */
  readonly signersNow: ReadonlyMap<string, SignerNow>;
  /** Of an access review: since it was begun. None for other kinds. */
  readonly gained: readonly GainedRight[];
  readonly context: CommandContext;
}

export interface WithdrawReview {
  readonly type: 'WithdrawReview';
  readonly context: CommandContext;
}

/** By the worker, of the last completed review of a kind. */
export interface NoteOverdue {
  readonly type: 'NoteOverdue';
  readonly context: CommandContext;
}

export interface CloseDeviation {
  readonly type: 'CloseDeviation';
  /** Among the findings of the review, counted from 1. */
  readonly finding: number;
  /** The record elsewhere of what was done about it. */
  readonly ticket: string;
  readonly context: CommandContext;
}

/** By the worker, of a review with a deviation that is due. */
export interface EscalateDeviations {
  readonly type: 'EscalateDeviations';
  readonly context: CommandContext;
}

export type ReviewCommand =
  | OpenReview
  | DecideOnRights
  | RecordFinding
  | SignReview
  | WithdrawReview
  | NoteOverdue
  | CloseDeviation
  | EscalateDeviations;
