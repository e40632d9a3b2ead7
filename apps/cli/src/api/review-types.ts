import type { components } from '#api-client/schema';

type Schemas = components['schemas'];

export type ReviewKind = Schemas['ReviewListedDto']['kind'];
export const REVIEW_KINDS = ['access', 'periodic', 'trail'] as const satisfies readonly ReviewKind[];
export type ReviewListed = Schemas['ReviewListedDto'];
export type DueReview = Schemas['DueReviewDto'];
export type DeviationListed = Schemas['DeviationListedDto'];
/** A review with the record that a signature is bound to. */
export type ReviewView = Schemas['ReviewDto'];
export interface ReviewBodies {
  readonly access: Schemas['OpenAccessReviewDto'];
  readonly periodic: Schemas['OpenPeriodicReviewDto'];
  readonly trail: Schemas['OpenTrailReviewDto'];
  readonly decisions: Schemas['DecideOnRightsDto'];
  readonly finding: Schemas['RecordFindingDto'];
  readonly closeDeviation: Schemas['CloseDeviationDto'];
  readonly withdraw: Schemas['ReasonOnlyDto'];
}
