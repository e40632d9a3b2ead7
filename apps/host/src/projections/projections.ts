import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import type { Projection } from '#platform/projection';
import { ReadModelError } from '#platform/read-models/errors';
import {
  PolicyDocumentProjection,
  type PolicyDocumentPorts,
} from '#release-control/policy-document/policy-document-projection';
import { releaseControlProjections } from '#release-control/projections';
import { reviewsProjections } from '#reviews/projections';

/** Every read model of this release, as the projector has them. */
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

/**
 * Those of these names; all without any.
 * @throws ReadModelError `no-such-read-model`
 */
export function chosen<Named extends { readonly name: string }>(
  projections: readonly Named[],
  names: readonly string[],
): readonly Named[] {
  const unknown = names.find((name) => !projections.some((projection) => projection.name === name));
  if (unknown !== undefined) {
    const known = projections.map(({ name }) => name).join(', ');
    throw new ReadModelError('no-such-read-model', `there is no read model "${unknown}"; there are ${known}`);
  }
  return names.length === 0 ? projections : projections.filter(({ name }) => names.includes(name));
}
