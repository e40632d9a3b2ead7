import type { HeldRevision } from '#catalog/sync/look-at-revisions';
import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';

/** What the site's rings hold of a snap, as the catalog asks for it. */
export function heldRevisions(streams: StreamWriter) {
  return async (snapId: string): Promise<readonly HeldRevision[]> => {
    const held = new Map<string, HeldRevision>();
    for (const ring of await knownRings(streams)) {
      const { state } = await streams.load(releasePolicy, releasePolicyStream(ring));
      for (const { target, version } of state.overrides.values()) {
        if (target.format !== 'snap' || target.subject !== snapId) continue;
        held.set(`${version} ${target.architecture}`, {
          revision: Number(version),
          architecture: target.architecture,
        });
      }
    }
    return [...held.values()];
  };
}
