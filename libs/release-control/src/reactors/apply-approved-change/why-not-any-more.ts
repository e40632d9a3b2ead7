import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { requireStillServed } from '../../require-still-served.js';
import { takenSince } from '../capture-submitted-change/resolve-members.js';
import { membershipOf } from '../membership-of.js';
import { whyCircle } from '../../soak-circles.js';
import type { Approved } from './reactor.js';

/** Why a promotion is not to take effect any more: what it was signed for was served in the earlier ring. What this ring has already is caught up with. */
export async function whyWithheld(writer: StreamWriter, state: Approved): Promise<string | undefined> {
  try {
    await requireStillServed(writer, state);
    return undefined;
  } catch (error) {
    if (!(error instanceof ReleaseControlError && error.code === 'not-a-promotion')) throw error;
    const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(state.ring));
    return policy.applied.has(state.id) ? undefined : error.message;
  }
}

/** Why a rule of membership is not to take effect as it was signed: it would take devices from more rings by now than the record says. What this ring has already is caught up with. */
export async function whyTaken(writer: StreamWriter, state: Approved): Promise<string | undefined> {
  const membership = membershipOf(writer);
  for (const change of state.changes) {
    if (change.kind !== 'members') continue;
    const taken = await takenSince(change, state.ring, membership);
    if (taken.length === 0) continue;
    if ((await membership.policyOf(state.ring)).applied.has(state.id)) return undefined;
    return `${change.name} would take devices from ${taken.join(' and ')} by now, which nobody was told of who signed it`;
  }
  return undefined;
}

/** Why approval rules are not to take effect: another ring asks by now for soak in this one. What this ring has already is caught up with. */
export async function whyInACircle(writer: StreamWriter, state: Approved): Promise<string | undefined> {
  for (const change of state.changes) {
    if (change.kind !== 'approval-policy') continue;
    const circle = await whyCircle(writer, state.ring, change.new.soak);
    if (circle === undefined) continue;
    const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(state.ring));
    return policy.applied.has(state.id) ? undefined : circle;
  }
  return undefined;
}
