import { countDeliveries } from '#fleet/published';
import type { ReadModels } from '#platform/http/read-models';
import type { ResolvedChange } from '../domain/change-request/events.js';
import { changesIn, lastInForce } from '../domain/change-request/plan.js';
import { givenOutSince } from '../domain/change-request/given-out-since.js';
import type { InForce } from '../domain/change-request/state.js';
import type { DeliveryFigures } from '../domain/change-request/verification.js';

/**
 * What the delivery records say at this moment of each revision that a request set in a ring (of a plan, by default in the one that has it last), since it was put in force (of older requests: ever); one line for a
 * revision that was set on several channels or architectures. Of what else a request may change, nothing is delivered.
 * @throws HttpError `not-yet-projected`, `unavailable`
 */
export async function deliveryFigures(
  readModels: ReadModels,
  request: InForce,
  { ring, since = givenOutSince(request) }: InForceIn = lastInForce(request),
): Promise<readonly DeliveryFigures[]> {
  const set = distinct(changesIn(request, ring).flatMap(revisionSet));
  const counts = await countDeliveries(readModels, ring, set, since);
  return counts.map(({ snapId, revision, offered, downloaded, installed }, i) => {
    return {
      name: set[i]?.name ?? snapId,
      subject: snapId,
      version: String(revision),
      offered,
      downloaded,
      installed,
    };
  });
}

/** A ring that has a request's changes, and since when; absent: the request says it, or does not know. */
interface InForceIn {
  readonly ring: string;
  readonly since?: string;
}

interface SetRevision {
  readonly name: string;
  readonly snapId: string;
  readonly revision: number;
}

function revisionSet(change: ResolvedChange): SetRevision[] {
  if (change.kind !== undefined || change.new === null || change.target.format !== 'snap') return [];
  return [{ name: change.name, snapId: change.target.subject, revision: Number(change.new.version) }];
}

function distinct(all: readonly SetRevision[]): readonly SetRevision[] {
  return [...new Map(all.map((each) => [`${each.snapId} ${each.revision}`, each])).values()];
}
