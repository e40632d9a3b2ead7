import type { Login } from './people.js';
import type { Act } from './rules.js';
import { FLAWS, type Script, type Step } from './steps.js';
import { ANY_TIME, type Ask, type Window } from './world.js';

/** Histories that go where chance seldom does; whatever comes of each step, the model says. */

const override = (window: Window = ANY_TIME): Ask => ({ what: 'override', window });
const draft = (by: Login, asks: Ask = override(), more: object = {}): Step => {
  return { kind: 'draft', by, submit: true, asks, supersedes: null, plan: null, flaw: null, ...more };
};
/** What somebody does with a request, by its number in the history. */
const act = (by: Login, what: Act, which = 0, to: Login = 'ana'): Step => {
  return {
    kind: 'act',
    act: what,
    by,
    to,
    asks: override(),
    which,
    flaw: null,
    aim: { at: 'nothing', n: 0 },
  };
};
const worker: Step = { kind: 'worker' };
const leave: Step = { kind: 'leave' };
const clock = (hours: number): Step => ({ kind: 'clock', hours });
const halt = (by: Login): Step => ({ kind: 'halt', by, flaw: null });
/** By its number in {@link ROLES_THAT_MOVE}. */
const role = (which: number): Step => ({ kind: 'role', which });

const script = (approvals: 1 | 2, ...steps: readonly Step[]): Script => {
  return { rules: { approvals, onCall: true }, steps };
};

export const EXAMPLES: readonly Script[] = [
  // Whatever is wrong with a signature, and with it the digest of what was there before it was said anew.
  script(
    1,
    draft('ana'),
    worker,
    act('ana', 'revise'),
    worker,
    ...FLAWS.map((flaw) => ({ ...act('ben', 'approve'), flaw })),
    act('ben', 'approve'),
  ),
  // Handed over, and nobody who wrote it before or since decides on it.
  script(
    1,
    draft('bob', override(), { submit: false }),
    leave,
    act('eve', 'hand-over'),
    act('ana', 'submit'),
    worker,
    act('ben', 'approve'),
    act('ann', 'approve'),
    act('cyd', 'approve'),
    act('dot', 'approve'),
  ),
  // A role that was given since makes nobody another's approver of what is their own.
  script(
    1,
    role(2),
    draft('ana'),
    worker,
    act('ana', 'approve'),
    act('ana', 'reject'),
    act('ben', 'approve'),
  ),
  // An emergency: not before its time; and its releaser judges nothing of it.
  script(
    1,
    draft('ana', override({ notBefore: 3, notAfter: null })),
    worker,
    act('dot', 'release'),
    clock(3),
    act('ben', 'release'),
    act('dot', 'release'),
    worker,
    act('dot', 'ratify'),
    act('dot', 'refuse-ratification'),
    act('ann', 'ratify'),
    act('ben', 'ratify'),
    act('cyd', 'ratify'),
    act('dot', 'verify'),
    act('cyd', 'verify'),
    act('cyd', 'close'),
    act('dot', 'close'),
  ),
  // Nobody decides on what is over, and the worker says so.
  script(
    1,
    draft('ana', override({ notBefore: null, notAfter: 4 })),
    worker,
    clock(13),
    act('ben', 'approve'),
    act('ben', 'reject'),
    worker,
  ),
  // One person does not sign as two; what was signed before a revision, or in a role that was lost, does not count.
  script(
    2,
    draft('ana'),
    worker,
    act('ben', 'approve'),
    act('ben', 'approve'),
    act('bob', 'approve'),
    act('ana', 'revise'),
    worker,
    act('cyd', 'approve'),
    role(1),
    act('ben', 'approve'),
    act('dot', 'approve'),
    worker,
    act('cyd', 'verify'),
  ),
  // One takes the place of another.
  script(
    1,
    draft('ana'),
    draft('dot', override(), { supersedes: 0 }),
    worker,
    act('ben', 'approve', 1),
    worker,
  ),
  // What was released in an emergency stays what it is, whatever takes its place.
  script(
    1,
    draft('ana'),
    worker,
    act('dot', 'release'),
    worker,
    act('cyd', 'fail'),
    draft('ana', override(), { supersedes: 0 }),
    worker,
    act('ben', 'approve', 1),
    worker,
  ),
  // Rules that put somebody on call are for others to approve, and of two that were asked for at once one is stale.
  script(
    1,
    draft('ana', { what: 'policy', rules: { approvals: 1, onCall: false }, window: ANY_TIME }),
    draft('ana', { what: 'policy', rules: { approvals: 2, onCall: true }, window: ANY_TIME }),
    worker,
    act('dot', 'approve', 0),
    act('dot', 'approve', 1),
    worker,
    draft('ana', { what: 'policy', rules: { approvals: 1, onCall: true }, window: ANY_TIME }),
    worker,
    act('dot', 'approve', 2),
    act('ben', 'approve', 2),
    worker,
  ),
  // A plan, whose second ring asks for an approver as things are then.
  script(
    1,
    draft('ana', override(), { plan: 'verification' }),
    worker,
    act('dot', 'release'),
    act('ben', 'approve'),
    worker,
    act('ana', 'verify'),
    act('olga', 'verify'),
    act('cyd', 'verify'),
    role(0),
    worker,
    act('ann', 'approve'),
    act('dot', 'approve'),
    worker,
    act('cyd', 'verify'),
    act('olga', 'close'),
    act('cyd', 'close'),
    act('dot', 'close'),
  ),
  // Halted, a plan waits, and is stopped by one person; another by the time.
  script(
    1,
    draft('ana', override(), { plan: 'soak' }),
    draft('ana', override({ notBefore: null, notAfter: 4 }), { plan: 'verification' }),
    worker,
    act('ben', 'approve', 0),
    act('ben', 'approve', 1),
    worker,
    halt('ben'),
    halt('olga'),
    clock(3),
    worker,
    act('eve', 'recall', 0),
    act('olga', 'recall', 0),
    clock(3),
    worker,
  ),
  // A ring that was halted for an emergency goes on by others' approval, and not where it was halted again.
  script(
    1,
    draft('dot'),
    worker,
    act('dot', 'release'),
    worker,
    act('ben', 'refuse-ratification'),
    worker,
    draft('ana', { what: 'resume', window: ANY_TIME }),
    draft('dot', { what: 'resume', window: ANY_TIME }),
    worker,
    act('dot', 'approve', 1),
    act('ben', 'approve', 1),
    halt('ann'),
    worker,
    act('ben', 'approve', 2),
    worker,
    draft('ana', { what: 'resume', window: ANY_TIME }),
    worker,
    act('ben', 'approve', 3),
    worker,
  ),
];
