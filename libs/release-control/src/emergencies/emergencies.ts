import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import { isEmergency, type EmergencyRequest } from '../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/** A change that took effect before it was approved, and how its ratification stands. */
export interface EmergencyInEffect {
  readonly ring: string;
  readonly request: EmergencyRequest;
  /** `ended`: the ring was halted for it, and resumed since. */
  readonly halt: 'none' | 'in-force' | 'ended';
}

/** Nothing can come of it any more: it waits for no ratification, and no ring is halted for it or to be. */
export function isSettled({ request, halt }: EmergencyInEffect): boolean {
  switch (request.emergency.ratification) {
    case 'open':
      return false;
    case 'ratified':
      return halt !== 'in-force';
    case 'refused':
      return halt === 'ended';
  }
}

export interface EmergenciesFound {
  readonly found: readonly EmergencyInEffect[];
  /** Of rings and requests that could not be read. */
  readonly failed: readonly unknown[];
}

/**
 * In the order in which they took effect in their rings. Of the streams and not of a read model: a ring is halted for want of a ratification, also while
 * the projector is away.
 * @param skipped ids of requests that need not be looked at
 */
export async function emergenciesInEffect(
  streams: StreamWriter,
  skipped: ReadonlySet<string> = new Set(),
): Promise<EmergenciesFound> {
  const found: EmergencyInEffect[] = [];
  const failed: unknown[] = [];
  for (const ring of await knownRings(streams)) {
    try {
      found.push(...(await emergenciesOf(streams, ring, skipped, failed)));
    } catch (error) {
      failed.push(error);
    }
  }
  return { found, failed };
}

async function emergenciesOf(
  streams: StreamWriter,
  ring: string,
  skipped: ReadonlySet<string>,
  failed: unknown[],
): Promise<readonly EmergencyInEffect[]> {
  const found: EmergencyInEffect[] = [];
  const { state: policy } = await streams.load(releasePolicy, releasePolicyStream(ring));
  for (const [id, { halt }] of policy.emergencies) {
    if (skipped.has(id)) continue;
    try {
      const { state: request } = await streams.load(changeRequest, changeRequestStream(id));
      if (!isEmergency(request)) continue;
      const inForce = policy.halts.some((each) => each.id === halt);
      found.push({ ring, request, halt: halt === null ? 'none' : inForce ? 'in-force' : 'ended' });
    } catch (error) {
      failed.push(error);
    }
  }
  return found;
}
