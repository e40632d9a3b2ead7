import type { ReadModelVersion } from '#platform/projection';

/** Of the projections, and of what asks it. */
export const PEOPLE = { name: 'people', version: 6 } as const satisfies ReadModelVersion;
export const TOKENS = { name: 'tokens', version: 1 } as const satisfies ReadModelVersion;
