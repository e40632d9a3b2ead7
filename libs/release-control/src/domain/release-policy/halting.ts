import { actorName, rolesIn, type CommandContext } from '#kernel';
import { subjectKey, type Subject } from '../../release-target.js';
import { ReleaseControlError } from '../errors.js';
import { requireReason } from '../reason.js';
import type { Halt, ReleasePolicyEvent } from './events.js';
import type { ReleasePolicy } from './state.js';

/** Stop it, now: nothing new reaches the ring's devices. Every halt has an id of its own, so that nobody resumes what was halted again since. */
export interface HaltRing {
  readonly type: 'HaltRing';
  readonly ring: string;
  /** The halt's id. */
  readonly halt: string;
  readonly context: CommandContext;
}

/** The same of a snap: of each that goes, or went, by the name that somebody said. */
export interface HaltSnaps {
  readonly type: 'HaltSnaps';
  readonly ring: string;
  readonly snaps: readonly (Subject & { readonly name: string })[];
  /** The halt's id. */
  readonly halt: string;
  readonly context: CommandContext;
}

/** Of one ring or snap, until it is resumed: each is a record, and one who halts again says something new. */
const MOST_HALTS = 20;

/** Characters of a halt's reason that are shown to whoever resumes; the event has the whole of it. */
const SHOWN_REASON = 200;

/**
 * One operator may halt, at once and alone; to resume takes a change request. Also what is halted already is halted, for another reason.
 * @throws ReleaseControlError `operator-required`, `reason-required`, `too-many-halts`
 */
export function halt(command: HaltRing | HaltSnaps, policy: ReleasePolicy): ReleasePolicyEvent[] {
  const made = haltOf(command);
  switch (command.type) {
    case 'HaltRing':
      return [{ type: 'RingHalted', data: { halt: made, ...added(policy.halts, made) } }];
    case 'HaltSnaps':
      return command.snaps.map(({ format, subject, name }): ReleasePolicyEvent => {
        const change = added(haltsOf(policy, { format, subject }), made);
        return { type: 'SnapHalted', data: { format, subject, name, halt: made, ...change } };
      });
  }
}

/** The halts of a snap that are in force. */
export function haltsOf(policy: ReleasePolicy, subject: Subject): readonly Halt[] {
  return policy.halted.get(subjectKey(subject))?.halts ?? [];
}

/** A halt never changes: its id says all. */
export function sameHalts(a: readonly Halt[], b: readonly Halt[]): boolean {
  return a.length === b.length && a.every(({ id }, i) => id === b[i]?.id);
}

export function idsOf(halts: readonly Halt[]): readonly string[] {
  return halts.map(({ id }) => id);
}

function added(
  halts: readonly Halt[],
  halt: Halt,
): { readonly old: readonly string[]; readonly new: readonly string[] } {
  if (halts.length >= MOST_HALTS)
    throw new ReleaseControlError('too-many-halts', `it is halted ${halts.length} times already`);
  return { old: idsOf(halts), new: [...idsOf(halts), halt.id] };
}

function haltOf({ halt, ring, context }: HaltRing | HaltSnaps): Halt {
  const { actor, at, reason } = context;
  if (actor.kind !== 'person' || !rolesIn(actor.roles, ring).includes('operator'))
    throw new ReleaseControlError(
      'operator-required',
      `${actorName(actor)} is not a person with the role operator in the ring ${ring}`,
    );
  requireReason(context);
  return { id: halt, at, by: actor.name, why: reason.text.trim().slice(0, SHOWN_REASON) };
}
