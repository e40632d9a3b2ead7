import type { MemberStamp } from '#fleet/published';
import { CapturedAssertions } from '../assertions/captured-assertions.js';
import type { RingView } from '../answer/decide-action.js';
import { HeldReleases, isAnswerable } from '../answer/held-releases.js';
import type { ManifestShelf } from '../manifests/manifest-shelf.js';
import { RingAccess } from './ring-access.js';
import type { VerifiedPolicy } from './signed-policy.js';

/** A policy and all that is needed to serve by it. Immutable: answering takes one and keeps it to the end. */
export interface ServedRing extends RingView {
  /** The ring's name. */
  readonly ring: string;
  readonly position: string;
  /** Why a device is in it; undefined where no rule says so, and it is the proxy's own. */
  readonly member: MemberStamp | undefined;
  readonly assertions: CapturedAssertions;
  /** Entries whose manifest could not be used; asking again later may help. */
  readonly unanswerable: number;
}

/** Reads a policy's manifests. An entry whose manifest can't be used stays held, without an answer: fail static, never open. */
export async function serveRing(
  policy: VerifiedPolicy,
  shelf: ManifestShelf,
  malformedAssertion: (message: string) => void,
): Promise<ServedRing> {
  const { ring, position, entries } = policy.document;
  const access = new RingAccess(policy.document);
  // Of a denied snap nothing is answered, so that nothing of it is here: an override of it holds again once the denial ends.
  const served = entries.filter(({ format, subject }) => format !== 'snap' || !access.denies(subject));
  const releases = await Promise.all(
    served.map(async (entry) => ({ entry, manifest: await shelf.manifestOf(entry) })),
  );
  const held = new HeldReleases(releases);
  return {
    ring,
    access,
    held,
    position,
    member: undefined,
    assertions: new CapturedAssertions(held, malformedAssertion),
    unanswerable: releases.filter((release) => !isAnswerable(release)).length,
  };
}
