import type { StreamWriter } from '#platform/decide-and-append';
import { trailReviewedThrough } from '#reviews/published';
import type { ApprovalPolicy } from './domain/approval-policy/approval-policy.js';
import { changeRequestStream } from './domain/change-request/change-request.js';
import type { TrailFacts } from './domain/change-request/trail-review.js';

/** What was decided on a request, and what came of it in an earlier ring: a review of its trail has all of it. */
const DECISIONS = ['ChangeApproved', 'ApprovedByTemplate', 'StageSigned', 'StageApplied', 'StageVerified'];

/**
 * How far the trail of a request is reviewed at this moment, of the streams; undefined where its ring's policy does not ask.
 * @param id undefined where there is no request yet
 */
export async function trailFacts(
  writer: StreamWriter,
  { trailReviewed }: Pick<ApprovalPolicy, 'trailReviewed'>,
  id: string | undefined,
): Promise<TrailFacts | undefined> {
  if (trailReviewed === undefined) return undefined;
  const decided = id === undefined ? undefined : await writer.newest(changeRequestStream(id), ...DECISIONS);
  if (id === undefined || decided === undefined) return { decided: null, reviewed: null };
  const reviewed = await trailReviewedThrough(writer, id, decided.at);
  return { decided: BigInt(decided.streamRevision), reviewed };
}
