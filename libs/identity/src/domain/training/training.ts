import { lasts, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { requireAnotherThan, requireReason } from '../authority.js';
import { IdentityError } from '../errors.js';
import { roleOf, type HeldRole } from '../roles.js';

/** Those with which a person signs (21 CFR 11.10(i)). */
export const TRAINED_ROLES = ['approver', 'qa'] as const;
export type TrainedRole = (typeof TRAINED_ROLES)[number];

/** Whether who signs must have a current record of training for the role. */
export const TRAINING_RULES = ['optional', 'required'] as const;
export type TrainingRule = (typeof TRAINING_RULES)[number];

/** Longer than this is no training that anybody looks at again. */
const LONGEST_MS = 5 * 366 * 86_400_000;
const LONGEST_TEXT = 200;

export interface TrainingRecord {
  /** What was trained on, such as a procedure's number, and which edition of it. */
  readonly document: string;
  readonly version: string;
  /** Until when it is current. RFC 3339, UTC. */
  readonly until: string;
}

/** Somebody who may say so has confirmed that a person is trained for a role; who, is the event's actor. It replaces the record before of that role. */
export type TrainingRecorded = DomainEvent<
  'TrainingRecorded',
  TrainingRecord & { readonly role: TrainedRole }
>;

export interface RecordTraining extends TrainingRecord {
  readonly type: 'RecordTraining';
  readonly person: string;
  readonly role: TrainedRole;
  readonly context: CommandContext;
}

/** The newest record of each role. */
export type Training = Readonly<Partial<Record<TrainedRole, TrainingRecord>>>;

/** `training/<person>`: beside the person's own stream, which says who they are and what they may do. */
export const training: Decider<RecordTraining, TrainingRecorded, Training> & {
  readonly versions: { TrainingRecorded: 1 };
} = {
  initialState: {},
  versions: { TrainingRecorded: 1 },
  decide({ person, role, until, context, ...said }, state) {
    requireReason(context);
    requireRecorder(context);
    requireAnotherThan(person, context);
    const [document, version] = [said.document.trim(), said.version.trim()];
    for (const text of [document, version])
      if (text === '' || text.length > LONGEST_TEXT)
        throw new IdentityError(
          'invalid-training',
          `say which document was trained on, and which version of it, each in 1 to ${LONGEST_TEXT} characters`,
        );
    if (!lasts(until, context.at, LONGEST_MS / 2))
      throw new IdentityError(
        'invalid-training',
        'training is current until a time that has not come, five years from now at most',
      );
    const before = state[role];
    const same = before?.document === document && before.version === version && before.until === until;
    return same ? [] : [{ type: 'TrainingRecorded', data: { role, document, version, until } }];
  },
  evolve: (state, { data: { role, ...record } }) => ({ ...state, [role]: record }),
};

export function trainingStream(person: string): string {
  return `training/${person}`;
}

export function isTrained(state: Training, role: TrainedRole, at: string): boolean {
  const record = state[role];
  return record !== undefined && Date.parse(at) < Date.parse(record.until);
}

/** Without those with which they would sign and are not trained for. */
export function trainedRoles(roles: readonly HeldRole[], state: Training, at: string): readonly HeldRole[] {
  return roles.filter((held) => {
    const role = roleOf(held);
    return !isTrainedRole(role) || isTrained(state, role, at);
  });
}

export function isTrainedRole(role: string): role is TrainedRole {
  return (TRAINED_ROLES as readonly string[]).includes(role);
}

/**
 * What is missing for one of the roles, said to whoever would hold it or sign with it.
 * @throws IdentityError `not-trained`
 */
export function requireTrained(
  { name, login }: { readonly name: string; readonly login: string },
  role: TrainedRole,
  state: Training,
  at: string,
): void {
  if (isTrained(state, role, at)) return;
  const record = state[role];
  const why =
    record === undefined
      ? `there is no record that ${name} is trained for the role ${role}`
      : `the training of ${name} for the role ${role}, ${record.document} version ${record.version}, was current until ${record.until}`;
  throw new IdentityError(
    'not-trained',
    `${why}, which this site asks for: another person, who is admin or qa, records it with "holdfast people trained ${login} ${role}"`,
  );
}

function requireRecorder({ actor }: CommandContext): void {
  if (actor.kind === 'person' && (actor.roles.includes('admin') || actor.roles.includes('qa'))) return;
  throw new IdentityError('not-an-admin', 'to record training it takes a person with the role admin or qa');
}
