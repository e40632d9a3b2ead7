import type { Projection } from '#platform/projection';
import { accessPolicyProjection } from './projections/access-policy/projection.js';
import { approvedDeclarationsProjection } from './projections/approved-declarations/projection.js';
import { changeRequestsProjection } from './projections/change-requests/projection.js';
import { overridesProjection } from './projections/overrides/projection.js';

/** This context's read models, but for the policy documents, which need a key. */
export function releaseControlProjections(): Projection[] {
  return [
    accessPolicyProjection,
    approvedDeclarationsProjection,
    changeRequestsProjection,
    overridesProjection,
  ];
}
