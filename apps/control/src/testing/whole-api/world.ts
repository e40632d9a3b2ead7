import { ROLES, type Login, type Role } from './people.js';

/** What a change request may be, said once more and apart from the product. */
export const STATUSES = [
  'drafted',
  'submitted',
  'capture-refused',
  'captured',
  'in-review',
  'approved',
  'released',
  'effective',
  'verified',
  'verification-failed',
  'closed',
  'rejected',
  'withdrawn',
  'recalled',
  'stale',
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

/** What is asked for: a revision of a snap; of one that upstream does not have; other rules of the ring. */
export type Ask =
  { readonly what: 'override' | 'absent' } | { readonly what: 'policy'; readonly rules: Rules };

/** Who has signed, and the roles that they held then. */
export interface Signature {
  readonly login: Login;
  readonly roles: ReadonlySet<Role>;
}

/** Of what was released in an emergency: by whom, how its ratification stands, and who has signed that. */
export interface Release {
  readonly by: Login;
  ratification: 'open' | 'ratified' | 'refused';
  readonly signatures: Signature[];
}

export interface ModelRequest {
  readonly id: string;
  /** The person who answers for it, whether they asked themselves or a token of theirs did. */
  author: Login;
  /** Who answered for it before it was handed over. */
  readonly earlierAuthors: Login[];
  status: Status;
  asks: Ask;
  /** The rules of the ring when it was captured: of a request for others, what they are to replace. */
  rulesThen?: Rules;
  /** Of this revision, in order. */
  signatures: Signature[];
  release?: Release;
  verifiedBy?: Login;
}

/** The requests of a run and what decides on them besides. */
export class World {
  readonly requests: ModelRequest[] = [];
  /** What the worker has not seen yet, in order. */
  readonly unseen: ModelRequest[] = [];
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
}
