import type { ChangeRequestCommand } from './commands.js';
import { OPEN_STATUSES, type ChangeRequestStatus } from './state.js';

interface Transition {
  /** What it is called, in front of people. */
  readonly verb: string;
  readonly by: 'person' | 'worker' | 'ticket system';
  readonly from: readonly ChangeRequestStatus[];
  readonly to: readonly ChangeRequestStatus[];
}

/**
 * What leads nowhere: the ratification of what was released, which goes on while the request is put in force, verified and closed; handing over, by which
 * who works on it changes, and not how it stands; comments, and files; and the further signatures of a plan, which are of the rings that wait.
 */
type BesideIt =
  | 'RatifyEmergency'
  | 'RefuseRatification'
  | 'HandOverChange'
  | 'CommentOnChange'
  | 'AttachFile'
  | 'SignStage'
  | 'ReviewStage';

/**
 * The life of a change request: which command is allowed in which status, and where it leads. Deciders ask this table; the specs compare it with what they
 * do, and the diagram in docs/explanation/change-control.md is drawn from it.
 */
export const LIFE_CYCLE = {
  DraftChange: { verb: 'draft', by: 'person', from: ['none'], to: ['drafted', 'submitted'] },
  SubmitChange: { verb: 'submit', by: 'person', from: ['drafted', 'capture-refused'], to: ['submitted'] },
  UseTemplate: {
    verb: 'sign as a standard change',
    by: 'person',
    from: ['drafted', 'capture-refused'],
    to: ['submitted'],
  },
  ReportCapture: {
    verb: 'capture',
    by: 'worker',
    from: ['submitted'],
    to: ['captured', 'capture-refused', 'approved', 'scheduled', 'in-review'],
  },
  RefuseCapture: { verb: 'refuse', by: 'worker', from: ['submitted'], to: ['capture-refused'] },
  ApproveChange: {
    verb: 'approve',
    by: 'person',
    from: ['captured', 'in-review'],
    to: ['in-review', 'approved', 'scheduled'],
  },
  ReviewChange: { verb: 'review', by: 'person', from: ['captured', 'in-review'], to: ['in-review'] },
  RejectChange: { verb: 'reject', by: 'person', from: ['captured', 'in-review'], to: ['rejected'] },
  ReleaseEmergency: {
    verb: 'release in an emergency',
    by: 'person',
    from: ['captured', 'in-review'],
    to: ['released'],
  },
  WithdrawChange: { verb: 'withdraw', by: 'person', from: OPEN_STATUSES, to: ['withdrawn'] },
  ReviseChange: {
    verb: 'revise',
    by: 'person',
    from: [...OPEN_STATUSES, 'rejected', 'stale', 'expired', 'recalled'],
    to: ['drafted', 'submitted'],
  },
  SupersedeChange: {
    verb: 'successor approved',
    by: 'worker',
    from: [
      ...OPEN_STATUSES,
      'approved',
      'scheduled',
      'rejected',
      'stale',
      'expired',
      'recalled',
      'verification-failed',
    ],
    to: ['superseded'],
  },
  StartChange: {
    verb: 'start',
    by: 'worker',
    from: ['scheduled', 'approved'],
    // Back for signatures, where it was found meanwhile that one person had signed as two.
    to: ['approved', 'scheduled', 'expired', 'in-review'],
  },
  ExpireChange: {
    verb: 'expire',
    by: 'worker',
    from: [...OPEN_STATUSES, 'approved'],
    to: ['expired'],
  },
  VoidTemplateUse: {
    verb: 'template does not apply any more',
    by: 'worker',
    from: ['approved'],
    to: ['in-review'],
  },
  RecallChange: { verb: 'recall', by: 'person', from: ['scheduled', 'approved'], to: ['recalled'] },
  ReportTicketState: {
    verb: 'ticket turned down',
    by: 'ticket system',
    from: ['scheduled', 'approved'],
    to: ['recalled'],
  },
  MarkStale: { verb: 'policy moved', by: 'worker', from: ['approved', 'released'], to: ['stale'] },
  RecordApplied: { verb: 'apply', by: 'worker', from: ['approved', 'released'], to: ['effective'] },
  VerifyChange: {
    verb: 'verify',
    by: 'person',
    from: ['effective'],
    to: ['verified', 'verification-failed'],
  },
  RecordFirstStage: {
    verb: 'apply in the first ring',
    by: 'worker',
    from: ['approved'],
    to: ['rolling-out'],
  },
  StartStage: {
    verb: 'start in the next ring',
    by: 'worker',
    from: ['rolling-out'],
    to: ['rolling-out', 'stopped'],
  },
  RecordStage: {
    verb: 'apply in the next ring',
    by: 'worker',
    from: ['rolling-out'],
    to: ['rolling-out', 'effective'],
  },
  VerifyStage: {
    verb: 'verify in the ring that has it last',
    by: 'person',
    from: ['rolling-out'],
    to: ['rolling-out', 'verification-failed'],
  },
  RecallStages: { verb: 'recall the rest', by: 'person', from: ['rolling-out'], to: ['stopped'] },
  StopStages: { verb: 'stop the rest', by: 'worker', from: ['rolling-out'], to: ['stopped'] },
  CloseChange: { verb: 'close', by: 'person', from: ['verified'], to: ['closed'] },
} as const satisfies Readonly<Record<Exclude<ChangeRequestCommand['type'], BesideIt>, Transition>>;

export type LifeCycleCommand = keyof typeof LIFE_CYCLE;
/** The statuses that a command is allowed in. */
export type AllowedIn<Command extends LifeCycleCommand> = (typeof LIFE_CYCLE)[Command]['from'][number];

/** What can be done with a request that is so, in words; empty for one whose life is over. */
export function nextSteps(status: ChangeRequestStatus): readonly string[] {
  const transitions: readonly Transition[] = Object.values(LIFE_CYCLE);
  const possible = transitions.filter(({ from }) => from.includes(status));
  return possible.map(({ verb, by }) => (by === 'person' ? verb : `${verb} (the ${by} does)`));
}
