import type { ReadModelVersion } from '#platform/projection';

/** Of the projections, and of what asks them. */
export const COMPARISONS = { name: 'comparisons', version: 1 } as const satisfies ReadModelVersion;
export const DELIVERIES = { name: 'deliveries', version: 3 } as const satisfies ReadModelVersion;
export const INSTALLED = { name: 'installed', version: 3 } as const satisfies ReadModelVersion;
export const NODES = { name: 'nodes', version: 2 } as const satisfies ReadModelVersion;
