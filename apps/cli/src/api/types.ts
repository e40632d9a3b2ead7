import type { JsonObject, Reason } from '#kernel';

/** REST shapes of control, as far as the CLI reads them. */

export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export interface PersonLine extends Person {
  readonly status: string;
  readonly lockedUntil: string | null;
}

export interface Session {
  readonly token: string;
  readonly person: Person;
  readonly expiresAt: string;
}

export interface Enrolment {
  /** The person's id. */
  readonly person: string;
  readonly enrolmentSecret: string;
  readonly expiresAt: string;
  readonly cursor: string;
}

/** A command's answer: where a reader must be to see what it did. */
export interface Done {
  readonly cursor: string | null;
}

/** One asked-for change, in a person's words; null gives the channel back to upstream. */
export interface Item {
  readonly snap: string;
  readonly channel: string;
  readonly revision: number | null;
}

export interface OverrideRow {
  readonly ring: string;
  readonly name: string;
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number | string | null;
  readonly manifest?: string;
  readonly since?: { readonly position: string; readonly at: string; readonly changeRequest: string };
}

export interface ChangeOutcome extends Done {
  readonly id: string;
  readonly status: string;
}

export interface ChangeDraft extends ChangeOutcome {
  /** What devices get for these channels until the change is approved and applied. */
  readonly inForce: readonly OverrideRow[];
}

export interface ChangeLine {
  readonly id: string;
  readonly ring: string;
  readonly status: string;
  /** Their name. */
  readonly author: string;
  readonly firstPosition: string;
  readonly lastPosition: string;
}

export interface Choice {
  readonly version: string;
  readonly manifest: string;
}

/** One line of what an approver signs: the target, what it holds now, what it shall hold. */
export interface ResolvedChange {
  readonly target: {
    readonly format: string;
    readonly subject: string;
    readonly channel: string;
    readonly architecture: string;
  };
  readonly name: string;
  readonly old: Choice | null;
  readonly new: Choice | null;
}

/** Exactly what a signature is bound to. More members may come: the digest is over all of them. */
export interface ChangeRecord extends JsonObject {
  readonly id: string;
  readonly ring: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly reason: { readonly code: string; readonly text: string; readonly ticket?: string } & JsonObject;
  readonly submittedAt: string;
  readonly changes: readonly (ResolvedChange & JsonObject)[];
}

export interface HistoryLine {
  readonly position: string;
  readonly type: string;
  readonly at: string;
  readonly actor: { readonly name?: string; readonly id: string };
  readonly reason: Reason;
}

export interface ChangeView {
  readonly id: string;
  readonly ring: string;
  readonly status: string;
  readonly author: { readonly name: string };
  readonly reason: Reason;
  readonly record: ChangeRecord | null;
  readonly recordDigest: string | null;
  readonly failures?: readonly { readonly code: string; readonly message: string }[];
  readonly history: readonly HistoryLine[];
}

export interface AuditEvent {
  readonly position: string;
  readonly type: string;
  readonly stream: string;
  readonly at: string;
  readonly actor: { readonly name?: string; readonly id: string; readonly kind: string };
  readonly reason: Reason;
}

export interface SiteStatus {
  readonly site: { readonly origin: string };
  readonly position: string | null;
  /** Whether PostgreSQL is the embedded one. */
  readonly evaluationDatabase: boolean;
  readonly projections: readonly {
    readonly name: string;
    readonly version: number;
    readonly position: string | null;
    /** Events that it has still to take, decimal. */
    readonly lag: string;
  }[];
}
