import type { DeviceMark } from '#fleet/published';
import type { NotCompared } from './compare.js';
import type { Asked, ComparedEndpoint } from './endpoint.js';
import type { Differing } from './saying.js';
import type { Why } from './why.js';

/** A difference, and why there is one. */
export interface Difference extends Differing {
  readonly endpoint: ComparedEndpoint;
  readonly why: Why;
}

/** What became of comparing one request. */
export type Outcome =
  | { readonly kind: 'equal' }
  | { readonly kind: 'differs'; readonly differences: readonly Difference[] }
  | { readonly kind: 'not-compared'; readonly reason: NotCompared };

/** What operators must be able to see of a shadow. Each request is told once. */
export interface ShadowEvents {
  /**
   * @param device as far as it is known
   * @param position of the policy that our answer was made by; null before the first
   */
  compared(
    endpoint: Asked['endpoint'],
    outcome: Outcome,
    device: DeviceMark | null,
    position: string | null,
  ): void;
}
