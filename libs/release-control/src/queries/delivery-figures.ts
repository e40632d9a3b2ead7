import { countDeliveries } from '#fleet/published';
import type { ReadModels } from '#platform/http/read-models';
import type { ResolvedChange } from '../domain/change-request/events.js';
import type { DeliveryFigures } from '../domain/change-request/verification.js';

/**
 * What the delivery records say at this moment of each revision that changes set, one line for a revision that was set on several channels or
 * architectures. Of what else a request may change, nothing is delivered.
 */
export async function deliveryFigures(
  readModels: ReadModels,
  ring: string,
  changes: readonly ResolvedChange[],
  /** RFC 3339: only what was offered and downloaded from then on. */
  since?: string,
): Promise<readonly DeliveryFigures[]> {
  const set = distinct(changes.flatMap(revisionSet));
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
