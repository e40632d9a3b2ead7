import type { Projection } from '#platform/projection';
import { comparisonsProjection } from './projections/comparisons/projection.js';
import { deliveriesProjection } from './projections/deliveries/projection.js';
import { installedProjection } from './projections/installed/projection.js';
import { nodesProjection } from './projections/nodes/projection.js';

/** This context's read models. */
export function fleetProjections(): Projection[] {
  return [nodesProjection, deliveriesProjection, installedProjection, comparisonsProjection];
}
