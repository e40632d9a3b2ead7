import type { components } from '#api-client/schema';

/** REST shapes of control that are about what is held back. */

type Schemas = components['schemas'];

export type HoldTerms = Schemas['SetHoldTermsDto'];
export type HoldEvaluation = Schemas['EvaluateHoldDto'];
export type OverdueHold = Schemas['OverdueHoldDto'];
/** What waits to be looked at. */
export type Overdue = Schemas['OverdueHoldsDto'];
export type HoldRow = Schemas['HoldDto'];
export type HoldEnd = Schemas['HoldExpiryDto'];
