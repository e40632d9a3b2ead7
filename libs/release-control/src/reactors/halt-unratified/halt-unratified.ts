import { uuidv7, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { servingChangeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { EmergencyRequest } from '../../domain/change-request/state.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { emergenciesInEffect, isSettled, type EmergencyInEffect } from '../../emergencies/emergencies.js';

export interface RatificationPorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

/** A ring that was halted just now, and for which request. */
export interface HaltedUnratified {
  readonly ring: string;
  readonly changeRequest: string;
  readonly why: string;
}

/** What a look at all emergencies found. */
export interface RatificationLook {
  readonly halted: readonly HaltedUnratified[];
  /** That took effect, and wait for their ratification. */
  readonly open: number;
  /** Rings' halts for want of a ratification that are in force. */
  readonly haltsInForce: number;
  /** What could not be looked at, or halted: it is tried again. */
  readonly failures: readonly unknown[];
}

/**
 * Halts each ring in which an emergency was not ratified in time, or its ratification refused; once for each, also when it was due while nobody looked. One
 * that cannot be looked at, or halted, keeps none of the others from it.
 * @param settled ids of those that nothing can come of any more; added to
 */
export async function haltUnratified(
  ports: RatificationPorts,
  settled: Set<string> = new Set(),
): Promise<RatificationLook> {
  // Before anything is loaded: who ratifies meanwhile has done so in time.
  const at = ports.clock.now();
  const { found, failed } = await emergenciesInEffect(ports.writer, settled);
  const halted: HaltedUnratified[] = [];
  const failures = [...failed];
  for (const each of found) {
    if (isSettled(each)) settled.add(each.request.id);
    try {
      const done = await haltWhenDue(ports, each, at);
      if (done) halted.push(done);
    } catch (error) {
      failures.push(error);
    }
  }
  const open = found.filter(({ request }) => request.emergency.ratification === 'open');
  const inForce = found.filter(({ halt }) => halt === 'in-force');
  return { halted, open: open.length, haltsInForce: inForce.length + halted.length, failures };
}

/** @param at now @returns what was halted now */
export async function haltWhenDue(
  { writer }: RatificationPorts,
  { ring, request, halt }: Pick<EmergencyInEffect, 'ring' | 'request' | 'halt'>,
  at: string,
): Promise<HaltedUnratified | undefined> {
  const why = halt === 'none' ? dueSince(request, at) : undefined;
  if (why === undefined) return undefined;
  const { events } = await writer.decideAndAppend(releasePolicy, releasePolicyStream(ring), {
    type: 'HaltUnratified',
    changeRequest: request.id,
    concerns: [...new Set([request.author.id, request.signature.signer])],
    halt: uuidv7(),
    context: {
      at,
      actor: servingChangeRequest(request.id, 'worker'),
      reason: { code: 'not-ratified', text: why },
      cause: changeRequestStream(request.id),
      correlation: changeRequestStream(request.id),
      authorisedBy: [],
    },
  });
  return events.length === 0 ? undefined : { ring, changeRequest: request.id, why };
}

/** Why the ring is to be halted; undefined while it is not. */
function dueSince({ id, emergency, signature }: EmergencyRequest, now: string): string | undefined {
  const released = `${id}, which ${signature.printedName} released as an emergency at ${signature.signedAt},`;
  switch (emergency.ratification) {
    case 'ratified':
      return undefined;
    case 'refused': {
      const by = emergency.signatures.at(-1)?.printedName;
      return `${released} was refused ratification by ${by}`;
    }
    case 'open':
      return now > emergency.ratifyBy ? `${released} was not ratified by ${emergency.ratifyBy}` : undefined;
  }
}
