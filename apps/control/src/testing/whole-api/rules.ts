import { ON_CALL, isSame, type Login, type Role } from './people.js';
import { fillsOne, hasWritten, isAskedFor, isOwn, placesOf, signingRoles } from './signatures.js';
import type { ModelRequest, Status, World } from './world.js';

/**
 * Who may do what with a change request, said once more and apart from the product, from what docs/explanation/change-control.md and the pages on signatures, emergencies
 * and leaving say: its code is not looked at here.
 */
export const ACTS = [
  'submit',
  'withdraw',
  'revise',
  'hand-over',
  'approve',
  'reject',
  'release',
  'ratify',
  'refuse-ratification',
  'recall',
  'verify',
  'fail',
  'close',
  'comments',
] as const;
export type Act = (typeof ACTS)[number];

/** Those that take a signature. */
export const SIGNED_ACTS: readonly Act[] = ['approve', 'reject', 'release', 'ratify', 'refuse-ratification'];

/** Somebody does it; handing over names somebody else. */
export interface Doing {
  readonly act: Act;
  readonly by: Login;
  readonly to: Login;
}

type May = (world: World, request: ModelRequest, doing: Doing) => boolean;

interface Rule {
  readonly from: readonly Status[] | 'any';
  readonly may: May;
}

const holds = (world: World, login: Login, ...roles: Role[]) => {
  const held = world.rolesOf(login);
  return !held.has('admin') && roles.some((role) => held.has(role));
};
/** What is one's own to go on with is the account's; what one decides on is never one's own, in whichever account. */
const isAuthor: May = (world, { author }, { by }) => author === by && !(by === 'bob' && world.bobLeft);
const signs = (world: World, login: Login) => signingRoles(world, login).size > 0;

export const UNDECIDED = ['drafted', 'submitted', 'capture-refused', 'captured', 'in-review'] as const;
const SIGNED_IN = ['captured', 'in-review'] as const;

const SUPERSEDABLE: readonly Status[] = [
  ...UNDECIDED,
  'approved',
  'scheduled',
  'rejected',
  'stale',
  'expired',
  'recalled',
  'verification-failed',
];

const RULES: Readonly<Record<Act, Rule>> = {
  submit: { from: ['drafted', 'capture-refused'], may: isAuthor },
  withdraw: { from: UNDECIDED, may: isAuthor },
  revise: {
    from: [...UNDECIDED, 'rejected', 'expired', 'recalled', 'stale'],
    may: (world, request, doing) => isAuthor(world, request, doing) && request.release === undefined,
  },
  'hand-over': {
    from: ['drafted', 'capture-refused'],
    may: (world, { author }, { by, to }) =>
      world.rolesOf(by).has('admin') && author === 'bob' && world.bobLeft && world.rolesOf(to).has('author'),
  },
  approve: {
    from: [...SIGNED_IN, 'approved', 'scheduled', 'rolling-out'],
    may: (world, request, { by }) =>
      signs(world, by) &&
      !world.isOver(request) &&
      !hasWritten(request, by) &&
      !isForOthers(request, by) &&
      (isAskedInFirst(world, request, by) || isAskedInSecond(world, request, by)),
  },
  reject: {
    from: SIGNED_IN,
    may: (world, request, { by }) => signs(world, by) && !world.isOver(request) && !hasWritten(request, by),
  },
  release: {
    from: SIGNED_IN,
    may: (world, request, { by }) =>
      by === ON_CALL &&
      world.rules.onCall &&
      request.asks.what === 'override' &&
      request.plan === undefined &&
      signs(world, by) &&
      world.hasBegun(request) &&
      !world.isOver(request),
  },
  ratify: {
    from: 'any',
    may: (world, request, { by }) =>
      judges(world, request, by) && isAskedFor(world, ratificationOf(world, request), by),
  },
  'refuse-ratification': { from: 'any', may: (world, request, { by }) => judges(world, request, by) },
  recall: {
    from: ['approved', 'scheduled', 'rolling-out'],
    may: (world, request, doing) => {
      const recalls = ['operator', 'approver', 'qa'] as const;
      return isAuthor(world, request, doing) || recalls.some((role) => world.rolesOf(doing.by).has(role));
    },
  },
  verify: { from: ['effective', 'rolling-out'], may: verifies },
  fail: { from: ['effective', 'rolling-out'], may: verifies },
  close: {
    from: ['verified'],
    may: (world, request, { by }) =>
      !isOwn(request, by) &&
      holds(world, by, 'qa') &&
      !request.verifiedBy.some((each) => isSame(each, by)) &&
      (request.release === undefined || request.release.ratification === 'ratified'),
  },
  comments: { from: 'any', may: (world, _request, { by }) => !(by === 'bob' && world.bobLeft) },
};

/** Once in each ring. */
function verifies(world: World, request: ModelRequest, { by }: Doing): boolean {
  if (request.status === 'rolling-out' && request.verifiedBy.length > 0) return false;
  return !isOwn(request, by) && holds(world, by, 'operator', 'qa');
}

function judges(world: World, request: ModelRequest, by: Login): boolean {
  const open = request.release?.ratification === 'open' && request.status !== 'stale';
  return open && !isOwn(request, by) && signs(world, by);
}

/** Nobody approves that they themselves are on call, nor that a ring goes on which was halted for their own emergency. */
function isForOthers({ asks, rulesThen, haltsThen = [] }: ModelRequest, by: Login): boolean {
  if (asks.what === 'resume')
    return haltsThen.some(({ concerns }) => concerns.some((each) => isSame(each, by)));
  return asks.what === 'policy' && asks.rules.onCall && rulesThen?.onCall === false && isSame(by, ON_CALL);
}

function isAskedInFirst(world: World, request: ModelRequest, by: Login): boolean {
  return (
    SIGNED_IN.some((each) => each === request.status) && isAskedFor(world, approvalOf(world, request), by)
  );
}

/** Of a plan, a further signature is taken as long as the second ring waits for it. */
function isAskedInSecond(world: World, request: ModelRequest, by: Login): boolean {
  return request.plan !== undefined && fillsOne(world, approvalInSecond(request), by);
}

/** The second ring asks for one approver, always. */
export function approvalInSecond(request: ModelRequest) {
  const places = placesOf('approval', { approvals: 1, onCall: false });
  return { request, signatures: request.signatures, places };
}

export function approvalOf(world: World, request: ModelRequest) {
  const { signatures } = request;
  return { request, signatures, places: placesOf('approval', world.rules) };
}

export function ratificationOf(world: World, request: ModelRequest) {
  const signatures = request.release?.signatures ?? [];
  return { request, signatures, places: placesOf('ratification', world.rules) };
}

/** To hand over to who has it already is taken, and changes nothing. */
export function isIdle({ author }: ModelRequest, { act, to }: Doing): boolean {
  return act === 'hand-over' && author === to;
}

/** What another request may say that it takes the place of. */
export function isSupersedable({ status }: ModelRequest): boolean {
  return SUPERSEDABLE.includes(status);
}

/** Whether it must be taken; otherwise it must be refused. */
export function isTaken(world: World, request: ModelRequest, doing: Doing): boolean {
  if (isIdle(request, doing)) return world.rolesOf(doing.by).has('admin');
  return isOfStatus(request, doing.act) && RULES[doing.act].may(world, request, doing);
}

/** Whether somebody might do it with a request that stands so. */
export function isOfStatus({ status }: ModelRequest, act: Act): boolean {
  const { from } = RULES[act];
  return from === 'any' || from.includes(status);
}
