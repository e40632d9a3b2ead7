import type { ReadModelVersion } from '#platform/projection';

/** Of the projection, and of what asks it. */
export const REVIEWS = { name: 'reviews', version: 1 } as const satisfies ReadModelVersion;
