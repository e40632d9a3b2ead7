import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { targetKey, type ReleaseTarget } from '../../release-target.js';
import type { Choice, Mismatch, ResolvedChange } from '../change-request/events.js';
import { ExpectedValueDiffers } from './expected-value-differs.js';

/** A ring's choice of version for a target, whatever upstream released. */
export type OverrideSet = DomainEvent<
  'OverrideSet',
  {
    readonly target: ReleaseTarget;
    readonly name: string;
    readonly old: Choice | null;
    readonly new: Choice;
    readonly changeRequest: string;
  }
>;
/** Upstream decides again. */
export type OverrideRemoved = DomainEvent<
  'OverrideRemoved',
  {
    readonly target: ReleaseTarget;
    readonly name: string;
    readonly old: Choice;
    readonly new: null;
    readonly changeRequest: string;
  }
>;
export type ReleasePolicyEvent = OverrideSet | OverrideRemoved;

export interface Override extends Choice {
  readonly target: ReleaseTarget;
  readonly name: string;
}

/** What a ring's devices may have. */
export interface ReleasePolicy {
  /** By {@link targetKey}. */
  readonly overrides: ReadonlyMap<string, Override>;
  /** Ids of the change requests that were applied. */
  readonly applied: ReadonlySet<string>;
}

/** Apply an approved change: all of it, in one append, if the ring still is what was approved against. */
export interface ApplyChange {
  readonly type: 'ApplyChange';
  readonly changeRequest: string;
  readonly changes: readonly ResolvedChange[];
  readonly context: CommandContext;
}

/**
 * Each change names the choice that it replaces; where the ring has another one by now, nothing of the batch is applied.
 * @throws ExpectedValueDiffers
 */
export function decide(command: ApplyChange, policy: ReleasePolicy): readonly ReleasePolicyEvent[] {
  if (policy.applied.has(command.changeRequest)) return [];
  const mismatches = command.changes.flatMap((change): Mismatch[] => {
    const found = choiceFor(policy, change.target);
    return sameChoice(found, change.old) ? [] : [{ target: change.target, expected: change.old, found }];
  });
  if (mismatches.length > 0) throw new ExpectedValueDiffers(command.changeRequest, mismatches);
  return command.changes.flatMap((change) => eventsFor(change, command.changeRequest));
}

function eventsFor(change: ResolvedChange, changeRequest: string): ReleasePolicyEvent[] {
  const { target, name, old } = change;
  if (change.new)
    return [{ type: 'OverrideSet', data: { target, name, old, new: change.new, changeRequest } }];
  return old ? [{ type: 'OverrideRemoved', data: { target, name, old, new: null, changeRequest } }] : [];
}

export function evolve(policy: ReleasePolicy, event: ReleasePolicyEvent): ReleasePolicy {
  return evolveAll(policy, [event]);
}

/** As {@link evolve} for one after the other, in time that grows with their number only: what never changes is copied once. */
export function evolveAll(policy: ReleasePolicy, events: readonly ReleasePolicyEvent[]): ReleasePolicy {
  const overrides = new Map(policy.overrides);
  const applied = new Set(policy.applied);
  for (const event of events) {
    const key = targetKey(event.data.target);
    switch (event.type) {
      case 'OverrideSet':
        overrides.set(key, { target: event.data.target, name: event.data.name, ...event.data.new });
        break;
      case 'OverrideRemoved':
        overrides.delete(key);
        break;
    }
    applied.add(event.data.changeRequest);
  }
  return { overrides, applied };
}

/** The ring's choice for a target; null when upstream decides. */
export function choiceFor(policy: ReleasePolicy, target: ReleaseTarget): Choice | null {
  const override = policy.overrides.get(targetKey(target));
  return override ? { version: override.version, manifest: override.manifest } : null;
}

function sameChoice(a: Choice | null, b: Choice | null): boolean {
  return a?.version === b?.version && a?.manifest === b?.manifest;
}

export const emptyPolicy: ReleasePolicy = { overrides: new Map(), applied: new Set() };

export const releasePolicy: Decider<ApplyChange, ReleasePolicyEvent, ReleasePolicy> & {
  readonly versions: { readonly [Type in ReleasePolicyEvent['type']]: number };
} = { initialState: emptyPolicy, decide, evolve, versions: { OverrideSet: 1, OverrideRemoved: 1 } };

export function releasePolicyStream(ring: string): string {
  return `release-policy/${ring}`;
}

/** There is always this ring. */
export const DEFAULT_RING = 'default';
