import type { ApprovalRules, ApprovalRulesInForce } from '../api/approval-types.js';

/** What is written in a policy's file of the snaps that a ring holds. */
export interface PolicyOverride {
  readonly snap: string;
  /** `track/risk[/branch]`. */
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number;
}

/** A ring's whole policy. */
export interface Policy {
  readonly access: 'open' | 'gated';
  /** What is done with a snap whose publisher does something alarming; null: the file says nothing of it, and it stays as it is. */
  readonly publisherChanges: 'keep' | 'block' | null;
  readonly denied: readonly string[];
  readonly allowed: readonly string[];
  /** What it takes for a change to be approved; null: the file says nothing of it, and it stays as it is. */
  readonly approvals: ApprovalRules | ApprovalRulesInForce | null;
  readonly overrides: readonly PolicyOverride[];
  /** The rules of membership, as they are called; null: the file says nothing of them, and they stay as they are. */
  readonly members: readonly string[] | null;
}

/** A policy, whose it is, and what the ring's policy was when it was written; null for a file that is for whatever the ring has. */
export interface PolicyFile extends Policy {
  readonly ring: string;
  readonly digest: string | null;
}

/** The version of the file's form. */
export const POLICY_FORM = '1';
