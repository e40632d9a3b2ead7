/**
 * What a change request may go through and who may do what with it, said once more and apart from the product: its code is not looked at here. One signature by an
 * approver is enough (the policy that a site begins with).
 */
export type Status =
  'drafted' | 'submitted' | 'captured' | 'approved' | 'effective' | 'rejected' | 'withdrawn';

export interface ModelRequest {
  readonly id: string;
  /** The person who answers for it, whether they asked themselves or a token of theirs did. */
  readonly author: string;
  status: Status;
}

export type Act = 'submit' | 'withdraw' | 'approve' | 'reject';

interface Rule {
  readonly from: readonly Status[];
  readonly to: Status;
  readonly may: (isAuthor: boolean, roles: ReadonlySet<string>) => boolean;
}

const decides = (isAuthor: boolean, roles: ReadonlySet<string>, ...signing: string[]) =>
  !isAuthor && !roles.has('admin') && signing.some((role) => roles.has(role));

const RULES: Readonly<Record<Act, Rule>> = {
  submit: { from: ['drafted'], to: 'submitted', may: (isAuthor) => isAuthor },
  withdraw: { from: ['drafted', 'submitted', 'captured'], to: 'withdrawn', may: (isAuthor) => isAuthor },
  approve: {
    from: ['captured'],
    to: 'approved',
    may: (isAuthor, roles) => decides(isAuthor, roles, 'approver'),
  },
  reject: {
    from: ['captured'],
    to: 'rejected',
    may: (isAuthor, roles) => decides(isAuthor, roles, 'approver', 'qa'),
  },
};

/** Where the act leads; undefined: it must be refused. */
export function leadsTo(
  act: Act,
  request: ModelRequest,
  person: string,
  roles: ReadonlySet<string>,
): Status | undefined {
  const { from, to, may } = RULES[act];
  return from.includes(request.status) && may(request.author === person, roles) ? to : undefined;
}

/** What the worker does with it by itself. */
export function settled(status: Status): Status {
  if (status === 'submitted') return 'captured';
  return status === 'approved' ? 'effective' : status;
}
