import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** What a token is about to ask for, and under which number: said before it is asked, so that who asks twice gets one request. */
export type SubmissionClaimed = DomainEvent<
  'SubmissionClaimed',
  {
    /** SHA-256, hex, of the ring and the items. */
    readonly digest: string;
    readonly changeRequest: string;
  }
>;

export interface ClaimSubmission {
  readonly digest: string;
  /** The claim that stood when this one was thought of; null for none. */
  readonly instead: string | null;
  readonly changeRequest: string;
  readonly context: CommandContext;
}

/** Digest → change request, of what was claimed last. */
export type TokenSubmissions = ReadonlyMap<string, string>;

/** So many different bodies are remembered; one that was asked for before these makes a new request. */
const MOST_REMEMBERED = 500;

/** One token's submissions. A claim that somebody else has replaced meanwhile is not replaced again: two who retry at once agree on one number. */
export const tokenSubmissions: Decider<ClaimSubmission, SubmissionClaimed, TokenSubmissions> & {
  readonly versions: { SubmissionClaimed: 1 };
} = {
  initialState: new Map(),
  versions: { SubmissionClaimed: 1 },
  decide({ digest, instead, changeRequest }, claims) {
    if ((claims.get(digest) ?? null) !== instead) return [];
    return [{ type: 'SubmissionClaimed', data: { digest, changeRequest } }];
  },
  evolve(claims, { data: { digest, changeRequest } }) {
    const rest = [...claims].filter(([known]) => known !== digest).slice(-(MOST_REMEMBERED - 1));
    return new Map([...rest, [digest, changeRequest]]);
  },
};

export function tokenSubmissionsStream(token: string): string {
  return `token-submissions/${token}`;
}
