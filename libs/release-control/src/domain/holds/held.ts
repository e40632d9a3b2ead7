import { targetKey, type ReleaseTarget } from '../../release-target.js';
import type { HoldExpiry } from '../change-request/hold-expiry.js';
import type { ReleasePolicy } from '../release-policy/state.js';

/** A hold: a target and the version that it is held at. Of another version nothing was said yet. */
export interface Held {
  readonly target: ReleaseTarget;
  readonly name: string;
  readonly version: string;
}

/** A hold that is in force: of which change request, and the end that was signed with it. */
export interface HeldNow extends Held {
  readonly changeRequest: string;
  readonly expiry?: HoldExpiry;
}

/** All that a ring's policy holds. */
export function heldIn({ overrides }: ReleasePolicy): readonly HeldNow[] {
  return [...overrides.values()].map(({ target, name, version, changeRequest, expiry }) => {
    const held = { target, name, version, changeRequest };
    return expiry ? { ...held, expiry } : held;
  });
}

export function holdKey({ target, version }: Pick<Held, 'target' | 'version'>): string {
  return `${targetKey(target)} ${version}`;
}
