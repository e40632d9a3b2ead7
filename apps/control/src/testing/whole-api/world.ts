import { ROLES, type Login, type Role } from './people.js';

/** What a change request may be, said once more and apart from the product. */
export const STATUSES = [
  'drafted',
  'submitted',
  'capture-refused',
  'captured',
  'in-review',
  'approved',
  'scheduled',
  'released',
  'rolling-out',
  'effective',
  'verified',
  'verification-failed',
  'closed',
  'rejected',
  'withdrawn',
  'expired',
  'recalled',
  'stale',
  'superseded',
  'stopped',
] as const;
export type Status = (typeof STATUSES)[number];

/** What a ring's approval policy asks for: an approver, or two persons, of whom one is an approver and one of QA. */
export interface Rules {
  readonly approvals: 1 | 2;
  /** Whether somebody is on call by it. */
  readonly onCall: boolean;
}
export function sameRules(one: Rules, other: Rules): boolean {
  return one.approvals === other.approvals && one.onCall === other.onCall;
}

/** When something may take effect, in hours; null: nothing is said of it. */
export interface Window {
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}
export const ANY_TIME: Window = { notBefore: null, notAfter: null };

/** What is asked for: a revision of a snap; of one that upstream does not have; that the ring goes on; other rules of it. A window begins when it is asked for. */
export type Ask =
  | { readonly what: 'override' | 'absent' | 'resume'; readonly window: Window }
  | { readonly what: 'policy'; readonly rules: Rules; readonly window: Window };

/** Who has signed, and the roles that they held then. */
export interface Signature {
  readonly login: Login;
  readonly roles: ReadonlySet<Role>;
}

/** Of what was released in an emergency: by whom, how its ratification stands, and who has signed that. */
export interface Release {
  readonly by: Login;
  readonly at: number;
  ratification: 'open' | 'ratified' | 'refused';
  readonly signatures: Signature[];
}

/** That a ring is halted: for whose emergency, if for any. */
export interface Halt {
  readonly concerns: readonly Login[];
}

/** That a second ring gets it, some time after the first one has it or once it was verified there. */
export interface Plan {
  readonly waitsFor: 'soak' | 'verification';
  /** Since when the first ring has it. */
  since?: number;
}
/** Hours. */
export const SOAK = 1;

export interface ModelRequest {
  readonly id: string;
  /** The person who answers for it, whether they asked themselves or a token of theirs did. */
  author: Login;
  /** Who answered for it before it was handed over. */
  readonly earlierAuthors: Login[];
  status: Status;
  asks: Ask;
  /** In hours of the run. */
  window: Window;
  /** What is over once this is approved. */
  readonly supersedes?: ModelRequest | undefined;
  /** The rules of the ring when it was captured: of a request for others, what they are to replace. */
  rulesThen?: Rules;
  /** Of this revision, in order. */
  signatures: Signature[];
  release?: Release;
  /** Whether the ring was halted for it. */
  halted?: true;
  readonly plan?: Plan | undefined;
  /** In the first ring of a plan, and in the last. */
  readonly verifiedBy: Login[];
  /** The halts of the ring when it was captured: of a request that it goes on, those that are to end. */
  haltsThen?: readonly Halt[];
}

/** What the worker has not seen yet. */
export interface Unseen {
  readonly request: ModelRequest;
  readonly what: 'submitted' | 'approved' | 'released';
}

/** The requests of a run and what decides on them besides. */
export class World {
  readonly requests: ModelRequest[] = [];
  /** In order. */
  readonly unseen: Unseen[] = [];
  /** Of the first ring. */
  halts: readonly Halt[] = [];
  /** Hours since the run began. */
  now = 0;
  /** Whether bob was disabled. */
  bobLeft = false;
  private readonly held = new Map<Login, Set<Role>>();

  /** @param rules those of the ring, which others may take the place of */
  constructor(public rules: Rules) {}

  /** The roles that count: nobody who was disabled has any. */
  rolesOf(login: Login): Set<Role> {
    if (login === 'bob' && this.bobLeft) return new Set();
    const roles = this.held.get(login) ?? new Set(ROLES[login]);
    this.held.set(login, roles);
    return roles;
  }

  /** As it stands for a request that is made now. */
  windowFrom({ notBefore, notAfter }: Window): Window {
    const from = (hours: number | null) => (hours === null ? null : this.now + hours);
    return { notBefore: from(notBefore), notAfter: from(notAfter) };
  }

  hasBegun({ window: { notBefore } }: ModelRequest): boolean {
    return notBefore === null || notBefore <= this.now;
  }

  isOver({ window: { notAfter } }: ModelRequest): boolean {
    return notAfter !== null && this.now > notAfter;
  }
}
