/**
 * What a change request may go through and who may do what with it, said once more and apart from the product: its code is not looked at here. One signature by an
 * approver is enough, and one person is on call: the policy that the test sets.
 */
export type Status =
  | 'drafted'
  | 'submitted'
  | 'captured'
  | 'approved'
  | 'released'
  | 'effective'
  | 'verified'
  | 'closed'
  | 'rejected'
  | 'withdrawn'
  | 'recalled'
  | 'stale';

/** Of what was released in an emergency: by whom, how its ratification stands, and who has signed that in which roles. */
interface ModelRelease {
  readonly by: string;
  ratification: 'open' | 'ratified' | 'refused';
  readonly ratifiers: Map<string, ReadonlySet<string>>;
}

export interface ModelRequest {
  readonly id: string;
  /** The person who answers for it, whether they asked themselves or a token of theirs did. */
  readonly author: string;
  status: Status;
  release?: ModelRelease;
  verifiedBy?: string;
}

export const ACTS = [
  'submit',
  'withdraw',
  'revise',
  'approve',
  'reject',
  'release',
  'ratify',
  'refuse-ratification',
  'recall',
  'verify',
  'close',
  'comments',
] as const;
export type Act = (typeof ACTS)[number];

/** Those that take a signature. */
export const SIGNED_ACTS: readonly Act[] = ['approve', 'reject', 'release', 'ratify', 'refuse-ratification'];

/** Who does it, and who holds which roles at that moment. */
export interface Doer {
  readonly login: string;
  readonly onCall: boolean;
  rolesOf(login: string): ReadonlySet<string>;
}

interface Rule {
  readonly from: readonly Status[] | 'any';
  readonly may: (request: ModelRequest, doer: Doer) => boolean;
}

const holds = ({ login, rolesOf }: Doer, ...roles: string[]) =>
  !rolesOf(login).has('admin') && roles.some((role) => rolesOf(login).has(role));
/** What is one's own to go on with is the account's; what one decides on is never one's own, in whichever account. */
const isAuthor = ({ author }: ModelRequest, { login }: Doer) => author === login;
const hasWritten = ({ author }: ModelRequest, { login }: Doer) => isSame(author, login);
const isOutsider = (request: ModelRequest, doer: Doer) =>
  !hasWritten(request, doer) && !(request.release && isSame(request.release.by, doer.login));
const isSame = (one: string, other: string) => personOf(one) === personOf(other);
/** Ann is ana. */
export const personOf = (login: string) => (login === 'ann' ? 'ana' : login);

const UNDECIDED = ['drafted', 'submitted', 'captured'] as const;

const RULES: Readonly<Record<Act, Rule>> = {
  submit: { from: ['drafted'], may: isAuthor },
  withdraw: { from: UNDECIDED, may: isAuthor },
  revise: {
    from: [...UNDECIDED, 'rejected', 'recalled', 'stale'],
    may: (request, doer) => isAuthor(request, doer) && request.release === undefined,
  },
  approve: {
    from: ['captured'],
    may: (request, doer) => !hasWritten(request, doer) && holds(doer, 'approver'),
  },
  reject: {
    from: ['captured'],
    may: (request, doer) => !hasWritten(request, doer) && holds(doer, 'approver', 'qa'),
  },
  release: { from: ['captured'], may: (_request, doer) => doer.onCall && holds(doer, 'approver', 'qa') },
  ratify: {
    from: 'any',
    may: (request, doer) => judges(request, doer) && fillsAPlace(request, doer),
  },
  'refuse-ratification': { from: 'any', may: judges },
  recall: {
    from: ['approved'],
    may: (request, doer) =>
      isAuthor(request, doer) ||
      ['operator', 'approver', 'qa'].some((role) => doer.rolesOf(doer.login).has(role)),
  },
  verify: {
    from: ['effective'],
    may: (request, doer) => isOutsider(request, doer) && holds(doer, 'operator', 'qa'),
  },
  close: {
    from: ['verified'],
    may: (request, doer) =>
      isOutsider(request, doer) &&
      holds(doer, 'qa') &&
      !(request.verifiedBy && isSame(request.verifiedBy, doer.login)) &&
      (request.release === undefined || request.release.ratification === 'ratified'),
  },
  comments: { from: 'any', may: () => true },
};

function judges(request: ModelRequest, doer: Doer): boolean {
  const open = request.release?.ratification === 'open' && request.status !== 'stale';
  return open && isOutsider(request, doer) && holds(doer, 'approver', 'qa');
}

/** Two persons ratify, one of them an approver; a signature counts in the roles that its signer held then and holds now. */
function fillsAPlace(request: ModelRequest, doer: Doer): boolean {
  const before = filled(countedRatifiers(request, doer));
  return before === 2 || filled(withRatifier(request, doer)) > before;
}

function filled(signers: readonly ReadonlySet<string>[]): number {
  const approvers = signers.filter((roles) => roles.has('approver')).length;
  return Math.min(1, approvers) + Math.min(1, signers.length - Math.min(1, approvers));
}

function countedRatifiers({ release }: ModelRequest, { rolesOf }: Doer): ReadonlySet<string>[] {
  const ratifiers = [...(release?.ratifiers ?? [])];
  const last = ratifiers.filter(
    ([login], i) => !ratifiers.slice(i + 1).some(([later]) => isSame(later, login)),
  );
  return last.flatMap(([login, then]) => {
    const roles = new Set([...then].filter((role) => rolesOf(login).has(role)));
    return roles.size === 0 ? [] : [roles];
  });
}

function withRatifier(request: ModelRequest, doer: Doer): ReadonlySet<string>[] {
  const { release } = request;
  if (!release) return [];
  const before = [...release.ratifiers].filter(([login]) => login !== doer.login);
  const ratifiers = new Map(before).set(doer.login, signingRoles(doer));
  return countedRatifiers({ ...request, release: { ...release, ratifiers } }, doer);
}

function signingRoles({ login, rolesOf }: Doer): ReadonlySet<string> {
  return new Set(['approver', 'qa'].filter((role) => rolesOf(login).has(role)));
}

/** Whether it must be taken; otherwise it must be refused. */
export function isTaken(act: Act, request: ModelRequest, doer: Doer): boolean {
  const { from, may } = RULES[act];
  return (from === 'any' || from.includes(request.status)) && may(request, doer);
}

/** What the act makes of the request, once it was taken. */
export function carryOut(act: Act, request: ModelRequest, doer: Doer): void {
  const { release } = request;
  switch (act) {
    case 'submit':
    case 'revise':
      request.status = 'submitted';
      return;
    case 'withdraw':
      request.status = 'withdrawn';
      return;
    case 'approve':
      request.status = 'approved';
      return;
    case 'reject':
      request.status = 'rejected';
      return;
    case 'release':
      request.status = 'released';
      request.release = { by: doer.login, ratification: 'open', ratifiers: new Map() };
      return;
    case 'ratify':
      if (!release) return;
      if (filled(countedRatifiers(request, doer)) === 2 || filled(withRatifier(request, doer)) === 2)
        release.ratification = 'ratified';
      release.ratifiers.set(doer.login, signingRoles(doer));
      return;
    case 'refuse-ratification':
      if (release) release.ratification = 'refused';
      return;
    case 'recall':
      request.status = 'recalled';
      return;
    case 'verify':
      request.status = 'verified';
      request.verifiedBy = doer.login;
      return;
    case 'close':
      request.status = 'closed';
      return;
    case 'comments':
      return;
  }
}

/** What the worker does with it by itself. */
export function settled({ status, release }: ModelRequest): Status {
  if (status === 'submitted') return 'captured';
  if (status === 'released') return release?.ratification === 'refused' ? 'stale' : 'effective';
  return status === 'approved' ? 'effective' : status;
}
