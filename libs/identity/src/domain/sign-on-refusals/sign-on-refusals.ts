import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** What is wrong with an answer that came in an identity provider's name. */
export const SIGN_ON_FAULTS = ['answer-not-valid', 'too-old', 'unknown-subject', 'person-refused'] as const;
export type SignOnFault = (typeof SIGN_ON_FAULTS)[number];

/**
 * Somebody came back from the identity provider with what does not count: at once, and of each fault once an hour (R24). `identity` is the SHA-256 by which the
 * history names who they would have been, where that is known.
 */
export type SingleSignOnRefused = DomainEvent<
  'SingleSignOnRefused',
  {
    readonly fault: SignOnFault;
    readonly issuer: string;
    readonly detail: string;
    readonly identity?: string;
    readonly at: string;
  }
>;

export interface RefuseSignOn {
  readonly fault: SignOnFault;
  readonly issuer: string;
  /** In words, of our own or of a bounded part of what came. */
  readonly detail: string;
  readonly identity: string | null;
  readonly context: CommandContext;
}

/** When each fault, of each identity, was recorded last. */
export type SignOnRefusals = ReadonlyMap<string, string>;

export const SIGN_ON_REFUSALS_STREAM = 'single-sign-on-refusals';

const HOUR = 3_600_000;
/** Of so many identities: who comes as ever more people fills no history. What is of none is always told. */
const MOST_AN_HOUR = 20;

export const signOnRefusals: Decider<RefuseSignOn, SingleSignOnRefused, SignOnRefusals> & {
  readonly versions: { SingleSignOnRefused: 1 };
} = {
  initialState: new Map(),
  versions: { SingleSignOnRefused: 1 },
  decide({ fault, issuer, detail, identity, context: { at } }, state) {
    const last = state.get(keyOf(fault, identity ?? undefined));
    if (last !== undefined && within(last, at)) return [];
    const recent = [...state].filter(([key, each]) => !key.endsWith(' ') && within(each, at)).length;
    if (identity !== null && recent >= MOST_AN_HOUR) return [];
    const data = { fault, issuer, detail, ...(identity === null ? {} : { identity }), at };
    return [{ type: 'SingleSignOnRefused', data }];
  },
  evolve(state, { data: { fault, identity, at } }) {
    const recent = [...state].filter(([, each]) => within(each, at));
    return new Map(recent).set(keyOf(fault, identity), at);
  },
};

function keyOf(fault: SignOnFault, identity: string | undefined): string {
  return `${fault} ${identity ?? ''}`;
}

/** A clock that was set back makes nothing older. */
function within(since: string, at: string): boolean {
  return Math.abs(Date.parse(at) - Date.parse(since)) < HOUR;
}
