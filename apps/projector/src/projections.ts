import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import type { Projection } from '#platform/projection';
import {
  PolicyDocumentProjection,
  type PolicyDocumentPorts,
} from '#release-control/policy-document/policy-document-projection';
import { releaseControlProjections } from '#release-control/projections';
import { reviewsProjections } from '#reviews/projections';

/** Every context's read models; the policy documents last, which proxies are told of when all others can show them. */
export function allProjections(policy: PolicyDocumentPorts): Projection[] {
  return [
    ...auditTrailProjections(),
    ...identityProjections(),
    ...catalogProjections(),
    ...releaseControlProjections(),
    ...fleetProjections(),
    ...reviewsProjections(),
    new PolicyDocumentProjection(policy),
  ];
}
