import { actorName, type CommandContext } from '#kernel';
import { subjectKey, type Subject } from '../../release-target.js';
import { ReleaseControlError } from '../errors.js';
import type { ReleasePolicyEvent } from './events.js';
import type { ReleasePolicy } from './state.js';

/** Stop it, now: nothing new reaches the ring's devices. Every halt has an id of its own, so that nobody resumes what was halted again since. */
export interface HaltRing {
  readonly type: 'HaltRing';
  /** The halt's id. */
  readonly halt: string;
  readonly context: CommandContext;
}

/** The same of one snap. */
export interface HaltSnap extends Subject {
  readonly type: 'HaltSnap';
  readonly name: string;
  readonly halt: string;
  readonly context: CommandContext;
}

/** Of one ring or snap, until it is resumed: each is a record, and one who halts again says something new. */
const MOST_HALTS = 100;

/** At least this much, after trimming: "updated" is no reason (R04). */
const SHORTEST_REASON = 10;

/**
 * One operator may halt, at once and alone; to resume takes a change request. Also what is halted already is halted, for another reason.
 * @throws ReleaseControlError `operator-required`, `reason-required`, `too-many-halts`
 */
export function halt(command: HaltRing | HaltSnap, policy: ReleasePolicy): ReleasePolicyEvent[] {
  requireOperator(command.context);
  switch (command.type) {
    case 'HaltRing': {
      const old = policy.halts;
      return [{ type: 'RingHalted', data: { old, new: added(old, command.halt) } }];
    }
    case 'HaltSnap': {
      const { format, subject, name } = command;
      const old = haltsOf(policy, command);
      return [{ type: 'SnapHalted', data: { format, subject, name, old, new: added(old, command.halt) } }];
    }
  }
}

/** Ids of the halts of a snap that are in force. */
export function haltsOf(policy: ReleasePolicy, subject: Subject): readonly string[] {
  return policy.halted.get(subjectKey(subject))?.halts ?? [];
}

export function sameHalts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((halt, i) => halt === b[i]);
}

function added(halts: readonly string[], halt: string): readonly string[] {
  if (halts.length >= MOST_HALTS)
    throw new ReleaseControlError('too-many-halts', `it is halted ${halts.length} times already`);
  return [...halts, halt];
}

function requireOperator({ actor, reason }: CommandContext): void {
  if (actor.kind !== 'person' || !actor.roles.includes('operator'))
    throw new ReleaseControlError(
      'operator-required',
      `${actorName(actor)} is not a person with the role operator`,
    );
  if (reason.code.trim() === '' || reason.text.trim().length < SHORTEST_REASON)
    throw new ReleaseControlError(
      'reason-required',
      `say why: a reason code, and at least ${SHORTEST_REASON} characters in your own words`,
    );
}
