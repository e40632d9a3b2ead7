import { statedBefore, type StatedBeforeIn } from '#kernel';
import { holdKey, type HoldsEvent } from './holds.js';
import type { Holds } from './state.js';

/** What events about holds say was before them (R03). */
export const statedOfHolds: StatedBeforeIn<HoldsEvent, Holds> = {
  HoldTermsSet: (data, state) => [statedBefore('old', data.old, state.get(holdKey(data))?.terms)],
  HoldReminded: null,
  HoldExpired: null,
  HoldOverdueForReview: null,
  HoldEvaluated: null,
};
