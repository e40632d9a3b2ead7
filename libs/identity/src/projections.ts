import type { Projection } from '#platform/projection';
import { peopleProjection } from './projections/people/projection.js';
import { tokensProjection } from './projections/tokens/projection.js';

/** This context's read models. */
export function identityProjections(): Projection[] {
  return [peopleProjection, tokensProjection];
}
