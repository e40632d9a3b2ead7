/** Who tries what: ann is ana with another account, and bob is ben, as two people said. Bob is somebody else in each run, since he leaves. */
export const PEOPLE = ['ana', 'ann', 'ben', 'bob', 'cyd', 'dot', 'eve', 'olga'] as const;
export type Login = (typeof PEOPLE)[number];

/** By the policy of the ring, where it names anybody. */
export const ON_CALL: Login = 'dot';
/** Who issued the token. */
export const TOKEN_OWNER: Login = 'dot';

/** Which accounts are one person's. @returns the account by which the person goes here */
export function personOf(login: Login): Login {
  if (login === 'ann') return 'ana';
  return login === 'bob' ? 'ben' : login;
}

export function isSame(one: Login, other: Login): boolean {
  return personOf(one) === personOf(other);
}

/** What each holds at the beginning of a run. */
export const ROLES: Readonly<Record<Login, readonly Role[]>> = {
  ana: ['author'],
  ann: ['author', 'approver', 'qa', 'operator'],
  ben: ['approver'],
  bob: ['author', 'qa'],
  cyd: ['qa'],
  dot: ['author', 'approver', 'qa'],
  eve: ['admin'],
  olga: ['operator'],
};

export type Role = 'admin' | 'author' | 'approver' | 'qa' | 'operator';
