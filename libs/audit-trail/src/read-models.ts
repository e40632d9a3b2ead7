import type { ReadModelVersion } from '#platform/projection';

/** Of the projection, and of what asks it. */
export const AUDIT_TRAIL = { name: 'audit-trail', version: 1 } as const satisfies ReadModelVersion;
