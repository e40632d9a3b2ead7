import type { DomainEvent } from '#kernel';
import type { ElectronicSignature, SignedUnder } from '../signature.js';

/** A signature that the ring's approval policy asks for, and after which it asks for more. */
export type ApprovalSigned = DomainEvent<
  'ApprovalSigned',
  SignedUnder & {
    readonly signature: ElectronicSignature;
    /** What the policy asks for after it, in words. */
    readonly missing: readonly string[];
    /** Ids of persons whose earlier signatures stand in the record and do not count: disabled, reset, or without the role by now. */
    readonly notCounted: readonly string[];
  }
>;
/** A signature of somebody who reviewed it, which the ring's approval policy asks for before approvals. It approves nothing. */
export type ChangeReviewed = DomainEvent<'ChangeReviewed', ApprovalSigned['data']>;
