import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import type { ElectronicSignature, SignerNow } from '../signature.js';
import type { Command, VerifyChange } from './commands.js';
import type { Mismatch } from './mismatch.js';
import type { SoakFacts } from './soak.js';
import type { TrailFacts } from './trail-review.js';

/** A further signature of a plan, which a later ring asks for. */
export interface SignStage extends Command {
  readonly type: 'SignStage';
  readonly signature: ElectronicSignature;
  /** The first ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  readonly stagePolicies: readonly ApprovalPolicy[];
  readonly signersNow: ReadonlyMap<string, SignerNow>;
}
/** A further review of a plan, which a later ring asks for. */
export interface ReviewStage extends Omit<SignStage, 'type'> {
  readonly type: 'ReviewStage';
}
/** The worker's report that the first ring of a plan has what was approved. */
export interface RecordFirstStage extends Command {
  readonly type: 'RecordFirstStage';
  readonly policy: string;
}
/** The worker takes the next ring on, once nothing is missing that it waits for. */
export interface StartStage extends Command {
  readonly type: 'StartStage';
  /** The next ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  /** How the ring stands that this policy asks for soak in. */
  readonly soak?: SoakFacts | undefined;
  /** How far the trail of it is reviewed, where the policy asks for that. */
  readonly trail?: TrailFacts | undefined;
  readonly signersNow: ReadonlyMap<string, SignerNow>;
  /** What is halted now, of the ring before and of the next one, in words. */
  readonly halted: readonly string[];
  /** Whether the next ring has the change already: a worker that died after it was taken on catches up with it, whatever holds by now. */
  readonly applied: boolean;
}
/** The worker's report that a later ring has what was approved for it. */
export interface RecordStage extends Command {
  readonly type: 'RecordStage';
  readonly stage: number;
  readonly policy: string;
}
/** Somebody looked at what the change did in the ring that has it last. */
export interface VerifyStage extends Omit<VerifyChange, 'type'> {
  readonly type: 'VerifyStage';
}
/** A person stops what is to come of a plan. */
export interface RecallStages extends Command {
  readonly type: 'RecallStages';
}
/** The worker found that what is to come of a plan must not take effect as it was approved. */
export interface StopStages extends Command {
  readonly type: 'StopStages';
  readonly because: 'policy-moved' | 'source-withheld';
  readonly mismatches: readonly Mismatch[];
}

export type PlanCommand =
  | SignStage
  | ReviewStage
  | RecordFirstStage
  | StartStage
  | RecordStage
  | VerifyStage
  | RecallStages
  | StopStages;
