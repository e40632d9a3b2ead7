import { countDeliveries } from '#fleet/published';
import type { ReadModels } from '#platform/http/read-models';
import type { ResolvedChange } from '../domain/change-request/events.js';
import { givenOutSince, type AppliedRequest } from '../domain/change-request/state.js';
import type { DeliveryFigures } from '../domain/change-request/verification.js';

/**
 * What the delivery records say at this moment of each revision that a request set, since it was put in force (of older requests: ever); one line for a
 * revision that was set on several channels or architectures. Of what else a request may change, nothing is delivered.
 * @throws HttpError `not-yet-projected`, `unavailable`
 */
export async function deliveryFigures(
  readModels: ReadModels,
  request: AppliedRequest,
): Promise<readonly DeliveryFigures[]> {
  const set = distinct(request.changes.flatMap(revisionSet));
  const counts = await countDeliveries(readModels, request.ring, set, givenOutSince(request));
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
