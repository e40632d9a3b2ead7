import type { JsonObject, JsonValue } from '#kernel';
import type { Offer } from '#fleet/published';
import type { RefusalReason } from '../policy/ring-access.js';
import { notServed, type Decision, type HeldAnswer } from './decide-action.js';
import type { Delta } from '../deltas/delta.js';
import { decideRelayed, type PassOn } from './decide-relayed.js';
import type { DeviceAction, ResultError } from './device-action.js';
import { entryWithOurAddresses } from './download-addresses.js';
import type { RefreshPlan, RefreshStep } from './plan-refresh.js';
import { errorResult, heldResult, isObject, passedResult, type Addresses } from './refresh-results.js';

/** What upstream said to the steps that were relayed, if any. */
export type UpstreamSays =
  | {
      readonly kind: 'answered';
      readonly results: readonly JsonValue[];
      readonly errors?: JsonValue;
      /** That it suggests. */
      readonly currency?: string;
    }
  /** `status` when there was an answer. */
  | {
      readonly kind: 'failed';
      readonly error: ResultError;
      readonly status?: number;
      /** What it last said to some of these steps, by their instance keys; null: that there is nothing newer. */
      readonly remembered?: ReadonlyMap<string, JsonObject | null>;
      /** That it suggested with the newest of these. */
      readonly currency?: string;
    };

export interface FinishedRefresh {
  readonly body: JsonObject;
  /** Refreshes that got no result on purpose. */
  readonly withheld: readonly { readonly subject: string; readonly why: string }[];
  /** What the ring's access policy kept from the device. */
  readonly refused: readonly RefusedAction[];
  /** The revisions that it names and the device has not got. */
  readonly offers: readonly Offer[];
}

export interface RefusedAction {
  readonly request: DeviceAction['action'];
  readonly subject: string;
  readonly reason: RefusalReason;
}

/**
 * The answer to a refresh request: each action's result, from the policy or from upstream, in the order of the actions.
 * @param deltas to what is held, by instance-key
 */
export function finishRefresh(
  plan: RefreshPlan,
  upstream: UpstreamSays,
  addresses: Addresses,
  deltas: ReadonlyMap<string, Delta> = new Map(),
): FinishedRefresh {
  const relayed = byInstanceKey(upstream);
  const finish = new Finish(plan, addresses, deltas);
  const results: JsonObject[] = [];
  const withheld: { subject: string; why: string }[] = [];
  for (const step of plan.steps) {
    const outcome = finish.step(step, upstream, relayed.get(step.action.instanceKey));
    if (outcome === undefined) continue;
    if (outcome instanceof Withheld)
      withheld.push({ subject: step.action.snapId ?? step.action.instanceKey, why: outcome.why });
    else results.push(outcome);
  }
  const errors = upstream.kind === 'answered' ? upstream.errors : undefined;
  const body = errors === undefined ? { results } : { results, 'error-list': errors };
  return { body, withheld, refused: finish.byPolicy, offers: finish.offers };
}

class Withheld {
  constructor(readonly why: string) {}
}

class Finish {
  readonly byPolicy: RefusedAction[] = [];
  readonly offers: Offer[] = [];

  constructor(
    private readonly plan: RefreshPlan,
    private readonly addresses: Addresses,
    private readonly deltas: ReadonlyMap<string, Delta>,
  ) {}

  /** Undefined when there is nothing to say, which snapd takes as "no update". */
  step(
    step: RefreshStep,
    upstream: UpstreamSays,
    relayed: JsonObject | undefined,
  ): JsonObject | Withheld | undefined {
    const { action, decision } = step;
    if (decision.kind !== 'relay') return this.decided(action, decision);
    if (relayed) return this.relayed(action, relayed);
    if (upstream.kind === 'answered') return upstream.errors === undefined ? this.nothing(action) : undefined;
    const known = upstream.remembered?.get(action.instanceKey);
    if (known === undefined) return this.refused(action, upstream.error);
    return known ? this.relayed(action, known) : this.nothing(action);
  }

  /** Said now or remembered: the policy has the last word on both. */
  private relayed(action: DeviceAction, relayed: JsonObject): JsonObject | Withheld {
    if (relayed['result'] === 'error') return this.upstreamError(action, relayed);
    const second = decideRelayed(this.plan.ring, action, relayed, this.plan.architecture);
    return second.kind === 'pass'
      ? this.passed(action, second, relayed)
      : this.decided(action, second, relayed);
  }

  private decided(
    action: DeviceAction,
    decision: Exclude<Decision, { kind: 'relay' }>,
    relayed?: JsonObject,
  ): JsonObject | Withheld {
    if (decision.kind !== 'held') this.note(action, decision.reason, relayed);
    switch (decision.kind) {
      case 'held':
        this.offer(action, offerOf(decision));
        return heldResult(
          action,
          decision,
          this.plan.fields,
          this.addresses,
          this.deltas.get(action.instanceKey),
        );
      case 'refuse':
        return this.refused(action, decision.error, relayed);
      case 'withhold':
        return new Withheld(decision.why);
    }
  }

  private passed(action: DeviceAction, passed: PassOn, relayed: JsonObject): JsonObject {
    const result = passedResult(action, passed, relayed, this.plan.fields, this.addresses);
    if (result.kind === 'refuse') return this.refused(action, result.error, relayed);
    this.offer(action, this.passedOffer(action, passed, relayed));
    return result.result;
  }

  /** What a device has is no offer, although an answer may name it. */
  private offer({ installed }: DeviceAction, offer: Offer): void {
    if (offer.revision !== installed) this.offers.push(offer);
  }

  /** Of upstream's own words: which members the device asked for makes no difference to what it is offered. */
  private passedOffer(action: DeviceAction, passed: PassOn, relayed: JsonObject): Offer {
    const { snap } = relayed;
    return {
      snapId: action.snapId ?? textOf(relayed['snap-id']) ?? '',
      name: this.nameOf(action, relayed),
      revision: isObject(snap) ? Number(snap['revision']) : 0,
      channel: passed.effectiveChannel,
    };
  }

  /** A refresh without a result is up to date; an install without one, of stores that don't say so, is of an unknown name. */
  private nothing(action: DeviceAction): JsonObject | undefined {
    if (action.action === 'refresh') return undefined;
    return this.refused(action, {
      code: 'name-not-found',
      message: `upstream knows no snap "${action.name ?? ''}"`,
    });
  }

  /** Upstream's errors say which channels there are. */
  private upstreamError(action: DeviceAction, relayed: JsonObject): JsonObject | Withheld {
    const { error } = relayed;
    const { ring } = this.plan;
    const snapId = action.snapId ?? textOf(relayed['snap-id']);
    const denied =
      snapId === undefined ? ring.access.deniesNamed(action.name ?? '') : ring.access.denies(snapId);
    if (denied) return this.decided(action, notServed(ring, action, snapId), relayed);
    if (!isObject(error) || typeof error['code'] !== 'string' || typeof error['message'] !== 'string') {
      return this.refused(action, {
        code: 'upstream-malformed',
        message: 'the upstream store answered with an error that says nothing',
      });
    }
    return {
      ...errorResult(action, { code: 'upstream-malformed', message: '' }, this.nameOf(action, relayed)),
      error: entryWithOurAddresses(error, this.addresses, { snapId, file: 'snap' }),
    };
  }

  private note(
    { action: request, snapId, name, instanceKey }: DeviceAction,
    reason: RefusalReason | undefined,
    relayed: JsonObject | undefined,
  ): void {
    if (reason === undefined) return;
    const subject = snapId ?? textOf(relayed?.['snap-id']) ?? name ?? instanceKey;
    this.byPolicy.push({ request, subject, reason });
  }

  private refused(action: DeviceAction, error: ResultError, relayed?: JsonObject): JsonObject {
    return errorResult(action, error, this.nameOf(action, relayed));
  }

  /** snapd wants a name in every error; for a refresh the policy may know it, else the snap-id has to do. */
  private nameOf(action: DeviceAction, relayed: JsonObject | undefined): string {
    const told = relayed?.['name'];
    if (typeof told === 'string') return told;
    const held = action.snapId === undefined ? undefined : this.plan.ring.held.of(action.snapId)[0];
    return action.name ?? held?.entry.name ?? action.snapId ?? action.instanceKey;
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function offerOf({ release: { manifest }, effectiveChannel }: HeldAnswer): Offer {
  const { subject, name, version } = manifest;
  return { snapId: subject, name, revision: Number(version), channel: effectiveChannel };
}

function byInstanceKey(upstream: UpstreamSays): Map<string, JsonObject> {
  const results = new Map<string, JsonObject>();
  if (upstream.kind === 'failed') return results;
  for (const result of upstream.results) {
    if (!isObject(result)) continue;
    const key = result['instance-key'];
    if (typeof key === 'string') results.set(key, result);
  }
  return results;
}
