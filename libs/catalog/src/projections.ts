import type { Projection } from '#platform/projection';
import { syncsProjection } from './projections/syncs/projection.js';
import { upstreamOffersProjection } from './projections/upstream-offers/projection.js';
import { watchedSnapsProjection } from './projections/watched-snaps/projection.js';

/** This context's read models. */
export function catalogProjections(): Projection[] {
  return [watchedSnapsProjection, upstreamOffersProjection, syncsProjection];
}
