import type { Projection } from '#platform/projection';
import { auditTrailProjection } from './projections/audit-trail/projection.js';

/** This context's read models. */
export function auditTrailProjections(): Projection[] {
  return [auditTrailProjection];
}
