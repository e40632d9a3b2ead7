/** A ring's access policy. `open`: upstream's answer passes unless overridden. `gated`: only approved versions. */
export type Access = 'open' | 'gated';

export const ACCESS = ['open', 'gated'] as const satisfies readonly Access[];

/**
 * Which of a ring's lists a snap is on; it is on one at most. `denied`: never served, whatever else says, overrides included. `allowed`: answered as
 * in an open ring, also where the ring is gated.
 */
export type Listing = 'denied' | 'allowed';
