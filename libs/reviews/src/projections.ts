import type { Projection } from '#platform/projection';
import { reviewsProjection } from './projections/reviews/projection.js';

/** This context's read models. */
export function reviewsProjections(): Projection[] {
  return [reviewsProjection];
}
