import type { ReadModelVersion } from '#platform/projection';

/** Of the projections, and of what asks them. */
export const ACCESS_POLICY = { name: 'access-policy', version: 3 } as const satisfies ReadModelVersion;
export const APPROVED_DECLARATIONS = {
  name: 'approved-declarations',
  version: 1,
} as const satisfies ReadModelVersion;
export const CHANGE_REQUESTS = { name: 'change-requests', version: 9 } as const satisfies ReadModelVersion;
export const OVERRIDES = { name: 'overrides', version: 1 } as const satisfies ReadModelVersion;
export const POLICY_DOCUMENTS = { name: 'policy-document', version: 1 } as const satisfies ReadModelVersion;

/** In the rows of the policy documents, what stands in the place of a ring where the membership document is: the name of no ring. */
export const ALL_RINGS = '*';
