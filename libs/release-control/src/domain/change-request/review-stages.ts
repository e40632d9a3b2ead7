import { rulesFor, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { filled } from '../approval-policy/missing.js';
import { whyNotSigned } from '../approval-policy/ticket-rule.js';
import type { Signatory } from '../approval-policy/missing.js';
import type { RecordedSignature, SignedStage, SignersNow } from '../signature.js';
import type { ResolvedChange } from './events.js';
import type { Written } from './has-written.js';
import { changesIn, ringsOf, type Planned, type Rollout } from './plan.js';
import { signing, standing, withSignatory, type Review } from './review.js';
import type { Ticketed } from './ticket.js';

type Signable = Planned &
  Written & {
    readonly id: string;
    readonly changes: readonly ResolvedChange[];
  };

/** How one of a plan's later rings stands under its policy in force: what was signed once counts in each ring in the roles that its signer holds there. */
export function stageReview(
  plan: Signable,
  ring: string,
  {
    policy,
    signatures,
    ...now
  }: SignersNow & {
    readonly policy: ApprovalPolicy;
    readonly signatures: readonly RecordedSignature[];
  },
): Review {
  const inRing = signatures.map(({ stages = [], ...signature }) => {
    return { ...signature, roles: stages.find((each) => each.ring === ring)?.roles ?? [] };
  });
  return standing({ ...plan, ring }, rulesFor(policy, changesIn(plan, ring)), inRing, now);
}

/**
 * In each later ring of a plan: under which version of its policy, and in which roles, somebody with these roles signs now. In none where the ring's ticket keeps people from
 * signing: a signature that nobody there asks for now does not count there later either.
 */
export function signedStages(
  plan: Planned & Ticketed,
  policies: readonly ApprovalPolicy[],
  held: readonly string[],
): readonly SignedStage[] {
  const [, ...later] = ringsOf(plan);
  return later.map((ring, i) => {
    const policy = policies[i];
    const roles = whyNotSigned(policy?.ticket, plan) === undefined ? signing(held, ring) : [];
    return { ring, policyVersion: policy?.version ?? 0, roles };
  });
}

/** What decides how the signatures of a plan stand in its later rings. */
export interface StagesStanding extends SignersNow {
  /** How many of the plan's rings have it, or are getting it. */
  readonly started: number;
  /** Of each later ring, in order, as they are in force now. */
  readonly policies: readonly ApprovalPolicy[];
  readonly signatures: readonly RecordedSignature[];
}

/** How many of a plan's rings have it, or are getting it. */
export function startedOf(request: Planned & { readonly rollout?: Rollout }): number {
  const { inForce, starting } = request.rollout ?? { inForce: [] };
  return inForce.length + (starting === undefined ? 0 : 1);
}

/** A later ring of a plan, and its policy as it is in force now. */
export interface StageAsking {
  readonly ring: string;
  readonly policy: ApprovalPolicy;
}

/** The later rings that it is not started in where a person's signature fills a place that is open. @param held all roles of who would sign */
export function stagesAsking(
  plan: Signable,
  standing: StagesStanding,
  { roles: held, ...signatory }: Signatory,
): readonly StageAsking[] {
  return reviewsToCome(plan, standing).flatMap(({ ring, policy, review }) => {
    const roles = signing(held, ring);
    if (roles.length === 0) return [];
    const after = withSignatory(review, { ...signatory, roles });
    return filled(review.rules, after) > filled(review.rules, review.signatories) ? [{ ring, policy }] : [];
  });
}

/** What the later rings that it is not started in still need, in words. */
export function missingLater(plan: Signable, standing: StagesStanding): readonly string[] {
  return reviewsToCome(plan, standing).flatMap(({ ring, review }) =>
    review.missing.map((what) => `${what}, in ring ${ring}`),
  );
}

function reviewsToCome(
  plan: Signable,
  { started, policies, signatures, signersNow, linked }: StagesStanding,
): readonly (StageAsking & { readonly review: Review })[] {
  return ringsOf(plan).flatMap((ring, i) => {
    const policy = policies[i - 1];
    if (i === 0 || i < started || policy === undefined) return [];
    return [{ ring, policy, review: stageReview(plan, ring, { policy, signatures, signersNow, linked }) }];
  });
}
