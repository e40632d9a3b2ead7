/** A ring's access policy. `open`: upstream's answer passes unless overridden. `gated`: only approved versions. */
export type Access = 'open' | 'gated';

export const ACCESS = ['open', 'gated'] as const satisfies readonly Access[];

/**
 * What a ring does when a snap's publisher or the store did something that a person must look at (its declaration revoked, a held revision
 * withdrawn, another publisher, other signing keys): `keep` serving by the policy, or `block` the snap until a change request says otherwise.
 */
export type PublisherChanges = 'keep' | 'block';

export const PUBLISHER_CHANGES = ['keep', 'block'] as const satisfies readonly PublisherChanges[];

/**
 * Which of a ring's lists a snap is on; it is on one at most. `denied`: never served, whatever else says, overrides included. `allowed`: answered as
 * in an open ring, also where the ring is gated.
 */
export type Listing = 'denied' | 'allowed';
