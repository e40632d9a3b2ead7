import type { HeldRevision } from '#catalog/sync/look-at-revisions';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { DEFAULT_RING } from '#release-control/published';

/** What the site's ring holds of a snap, as the catalog asks for it. */
export function heldRevisions(streams: StreamWriter) {
  return async (snapId: string): Promise<readonly HeldRevision[]> => {
    const { state } = await streams.load(releasePolicy, releasePolicyStream(DEFAULT_RING));
    return [...state.overrides.values()]
      .filter(({ target }) => target.format === 'snap' && target.subject === snapId)
      .map(({ target, version }) => ({ revision: Number(version), architecture: target.architecture }));
  };
}
