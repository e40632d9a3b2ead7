import type { DomainEvent, InPart } from '#kernel';
import type { ElectronicSignature, SignedUnder } from '../signature.js';
import type { Author } from './events.js';
import type { Mismatch } from './mismatch.js';
import type { Verification } from './verification.js';

/** A ring of a plan: which one, counted from 1. */
interface OfStage {
  readonly stage: number;
  readonly ring: string;
}

/** A signature that was made after the first ring's policy was met, since a later ring's asks for it. */
export type StageSigned = DomainEvent<
  'StageSigned',
  SignedUnder & { readonly signature: ElectronicSignature }
>;

/** A review that was made after the first ring's policy was met, since a later ring's asks for it. */
export type StageReviewed = DomainEvent<'StageReviewed', StageSigned['data']>;

/** The worker took a later ring on, since nothing was missing that it waits for. */
export type StageStarted = DomainEvent<
  'StageStarted',
  OfStage & {
    /** RFC 3339, UTC. */
    readonly at: string;
    /** The version of that ring's approval policy that was in force, which the signatures meet. */
    readonly policyVersion: number;
    /** Ids of persons whose signatures did not count in that ring at that moment. */
    readonly notCounted: readonly string[];
  }
>;

/** It was taken on by a worker that was away then; the ring does not have it, and waits for something by now. */
export type StageDeferred = DomainEvent<
  'StageDeferred',
  OfStage & {
    /** In words. */
    readonly waitsFor: readonly string[];
  }
>;

/** The ring has it. `policy` is the stream in which its changes now stand. */
export type StageApplied = DomainEvent<
  'StageApplied',
  OfStage & { readonly at: string; readonly policy: string }
>;

/** A person looked at what it did in the ring that has it last, and it does what it was approved for. */
export type StageVerified = DomainEvent<'StageVerified', OfStage & Verification>;

/** Why the later rings of a plan never get it. */
export const STOP_CAUSES = ['recalled', 'expired', 'policy-moved', 'source-withheld'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

/** The rest of a plan never takes effect; what is in force stays so. Several where there are many mismatches. */
export type PlanStopped = DomainEvent<
  'PlanStopped',
  InPart &
    OfStage & {
      readonly because: StopCause;
      /** Who recalled it. */
      readonly by?: Author;
      /** The latest time, where it passed. */
      readonly notAfter?: string;
      readonly mismatches: readonly Mismatch[];
    }
>;

export type PlanEvent =
  StageSigned | StageReviewed | StageStarted | StageDeferred | StageApplied | StageVerified | PlanStopped;
