import type { ReadModelVersion } from '#platform/projection';

/** Of the projections, and of what asks them. */
export const NODES = { name: 'nodes', version: 1 } as const satisfies ReadModelVersion;
