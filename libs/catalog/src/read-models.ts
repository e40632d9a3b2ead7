import type { ReadModelVersion } from '#platform/projection';

/** Of the projections, and of what asks them. */
export const UPSTREAM_OFFERS = { name: 'upstream-offers', version: 1 } as const satisfies ReadModelVersion;
export const WATCHED_SNAPS = { name: 'watched-snaps', version: 1 } as const satisfies ReadModelVersion;
export const SYNCS = { name: 'syncs', version: 1 } as const satisfies ReadModelVersion;
