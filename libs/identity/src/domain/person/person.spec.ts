import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { ROLES, type Role } from '../roles.js';
import type { PersonCommand } from './commands.js';
import type { EnrolmentSecret, PersonEvent } from './events.js';
import { person } from './person.js';
import { requireSession } from './require-session.js';
import { isUnused } from './unused-session.js';

const { given } = specify(person);

/** While the site is set up: afterwards roles that sign take two. */
const admin = byPerson('Ada', ['admin'], { auth: 'commissioning' });
const self = byPerson('Ben', []);
const host = byWorker('nothing', { actor: { kind: 'service', id: 'host', for: 'commissioning' } });
const control = byWorker('nothing', { actor: { kind: 'service', id: 'control', for: 'person/id-of-Ben' } });

const secret: EnrolmentSecret = {
  kind: 'enrolment-secret',
  id: 'credential-1',
  verifierDigest: 'a'.repeat(64),
  expiresAt: '2026-11-25T12:48:14.123Z',
};
const password = { id: 'credential-2', verifierDigest: 'b'.repeat(64) };

const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: { login: 'ben', name: 'Ben', firstAdmin: false, credential: secret },
};
const granted = (role: Role, ...old: Role[]): PersonEvent => {
  return { type: 'RoleGranted', data: { role, old, new: [...old, role] } };
};
const passwordSet: PersonEvent = {
  type: 'PasswordSet',
  data: { credential: password, enrolment: secret.id, at: self.at },
};
const disabled: PersonEvent = { type: 'PersonDisabled', data: { roles: [] } };
const signedIn: PersonEvent = {
  type: 'SignedIn',
  data: { session: 'session-1', expiresAt: '2026-11-22T20:48:14.123Z' },
};
const failed = (failures: number, inARow: number): PersonEvent => {
  return { type: 'SignInFailed', data: { failures, first: admin.at, last: admin.at, inARow } };
};
const lockedOut: PersonEvent = {
  type: 'PersonLockedOut',
  data: { until: '2026-11-22T13:03:14.123Z', failures: 5 },
};

const enrol = {
  type: 'EnrolPerson',
  person: 'id-of-Ben',
  login: 'ben',
  name: 'Ben',
  roles: [],
  firstAdmin: false,
  verification: null,
  credential: secret,
  request: 'request-1',
  context: admin,
} as const satisfies PersonCommand;
const approver = { person: 'id-of-Ben', role: 'approver', rings: null, context: admin } as const;
const grant = { type: 'GrantRole', ...approver } as const satisfies PersonCommand;
const revoke = { type: 'RevokeRole', ...approver, otherAdmins: 2 } as const satisfies PersonCommand;
const disable: PersonCommand = {
  type: 'DisablePerson',
  person: 'id-of-Ben',
  otherAdmins: 2,
  context: admin,
};
const setPassword: PersonCommand = {
  type: 'SetFirstPassword',
  credential: password,
  enrolment: secret.id,
  context: self,
};
const signIn = {
  type: 'SignIn',
  session: 'session-1',
  expiresAt: '2026-11-22T20:48:14.123Z',
  password: password.id,
  secondFactor: null,
  failuresBefore: null,
  context: self,
} as const satisfies PersonCommand;
const signOut: PersonCommand = { type: 'SignOut', session: 'session-1', context: self };
const counted = (failures: number) => ({ failures, first: admin.at, last: admin.at });
const failures = (count: number): PersonCommand => {
  return { type: 'RecordFailures', counted: counted(count), context: control };
};

describe('enrolling', () => {
  it('records the person with the roles, each with what was held before', () => {
    const recorded = [enrolled, granted('author'), granted('auditor', 'author')];
    return given()
      .when({ ...enrol, roles: ['auditor', 'author'] })
      .then(...recorded);
  });
  it('is for admins', () =>
    given()
      .when({ ...enrol, context: byPerson('Oli', ['operator']) })
      .thenRefused('not-an-admin'));
  it('is for the host at first start', () =>
    given()
      .when({ ...enrol, context: host })
      .then(enrolled));
  it('is for no other service', () =>
    given()
      .when({ ...enrol, context: control })
      .thenRefused('not-an-admin'));
  it('needs a name to print', () =>
    given()
      .when({ ...enrol, name: '  ' })
      .thenRefused('invalid-name'));
  it('happens once', () => given(enrolled).when(enrol).thenRefused('login-taken'));
  it('needs a reason', () =>
    given()
      .when({ ...enrol, context: { ...admin, reason: { code: 'joiner', text: ' updated ' } } })
      .thenRefused('reason-required'));
});

describe('roles', () => {
  it('are granted by an admin', () => given(enrolled).when(grant).then(granted('approver')));
  it('are granted by no one else', () =>
    given(enrolled)
      .when({ ...grant, context: byPerson('Ann', ['author', 'approver', 'operator', 'auditor']) })
      .thenRefused('not-an-admin'));
  it('are not granted to oneself', () =>
    given(enrolled)
      .when({ ...grant, context: byPerson('Ben', ['admin']) })
      .thenRefused('own-rights'));
  it('are not revoked from oneself', () =>
    given(enrolled, granted('admin'))
      .when({ ...revoke, role: 'admin', context: byPerson('Ben', ['admin']) })
      .thenRefused('own-rights'));
  it('are granted once', () =>
    given(enrolled, granted('approver')).when(grant).thenRefused('role-already-held'));
  it('are revoked with what was held before', () =>
    given(enrolled, granted('author'), granted('approver', 'author'))
      .when(revoke)
      .then({
        type: 'RoleRevoked',
        data: { role: 'approver', old: ['author', 'approver'], new: ['author'] },
      }));
  it('are not revoked from who does not hold them', () =>
    given(enrolled).when(revoke).thenRefused('role-not-held'));
  it('are nothing for a disabled person', () =>
    given(enrolled, disabled).when(grant).thenRefused('person-disabled'));
  it('are nothing for nobody', () => given().when(grant).thenRefused('unknown-person'));

  const excluded = (one: Role, other: Role) =>
    [one, other].includes('admin') &&
    [one, other].some((role) => ['author', 'approver', 'qa'].includes(role));
  it.each(
    ROLES.flatMap((one) => ROLES.filter((other) => other !== one).map((other) => [one, other] as const)),
  )('%s and then %s: allowed unless an admin would author, approve or sign for QA', (one, other) => {
    const when = given(enrolled, granted(one)).when({ ...grant, role: other });
    if (excluded(one, other)) return when.thenRefused('roles-exclude-each-other');
    const held = ROLES.filter((role) => role === one || role === other);
    return when.then({ type: 'RoleGranted', data: { role: other, old: [one], new: held } });
  });
  it('exclude each other at enrolment as well', () =>
    given()
      .when({ ...enrol, roles: ['approver', 'admin'] })
      .thenRefused('roles-exclude-each-other'));
});

describe('the first password', () => {
  it('is set with the one-time secret', () => given(enrolled).when(setPassword).then(passwordSet));
  it('is set once', () => given(enrolled, passwordSet).when(setPassword).thenRefused('enrolment-refused'));
  it('is not set with a secret that was renewed', () =>
    given(enrolled, {
      type: 'EnrolmentRenewed',
      data: { old: secret.id, credential: { ...secret, id: 'credential-3' } },
    })
      .when(setPassword)
      .thenRefused('enrolment-refused'));
  it('is not set at the moment the secret expires', () =>
    given(enrolled)
      .when({ ...setPassword, context: { ...self, at: secret.expiresAt } })
      .thenRefused('enrolment-refused'));
  it('is not set for a disabled person', () =>
    given(enrolled, disabled).when(setPassword).thenRefused('enrolment-refused'));
  it('ends the renewing of secrets', () =>
    given(enrolled, passwordSet)
      .when({ type: 'RenewEnrolment', person: 'id-of-Ben', credential: secret, context: host })
      .thenRefused('password-already-set'));
});

describe('signing in and out', () => {
  it('is recorded', () => given(enrolled, passwordSet).when(signIn).then(signedIn));
  it('R23: with a password that is another by now opens nothing', () =>
    given(enrolled, passwordSet)
      .when({ ...signIn, password: 'the one before' })
      .thenRefused('wrong-password'));
  it('takes the failures before along, and they count no more', () =>
    given(enrolled, passwordSet, failed(2, 2))
      .when({ ...signIn, failuresBefore: counted(2) })
      .then(failed(2, 0), signedIn));
  it('is not for the disabled', () =>
    given(enrolled, passwordSet, disabled).when(signIn).thenRefused('person-disabled'));
  it('is not for the locked out', () =>
    given(enrolled, passwordSet, failed(5, 5), lockedOut).when(signIn).thenRefused('locked-out'));
  it('is for them again when the time is over', () =>
    given(enrolled, passwordSet, failed(5, 5), lockedOut)
      .when({ ...signIn, context: { ...self, at: '2026-11-22T13:03:14.123Z' } })
      .then(signedIn));
  it('signs out', () =>
    given(enrolled, passwordSet, signedIn)
      .when(signOut)
      .then({ type: 'SignedOut', data: { session: 'session-1' } }));
  it('signs out once', () =>
    given(enrolled, passwordSet, signedIn, { type: 'SignedOut', data: { session: 'session-1' } })
      .when(signOut)
      .thenNothing());
});

describe('R28: a session that nobody uses', () => {
  const unused = { session: 'session-1', lastUsedAt: self.at, idleMinutes: 30 };
  const end = { type: 'EndUnusedSession', ...unused, context: control } as const;
  const timedOut: PersonEvent = { type: 'SessionTimedOut', data: unused };

  it('is over, once', () => {
    given(enrolled, passwordSet, signedIn).when(end).then(timedOut);
    given(enrolled, passwordSet, signedIn, timedOut).when(end).thenNothing();
  });
  it('ends no other', () => {
    const other = { ...end, session: 'session-2' };
    given(enrolled, passwordSet, signedIn).when(other).thenNothing();
  });
  it.each([
    [
      'says why to who has it',
      'session-1',
      'nothing was asked in this session since 2026-11-22T12:48:14.123Z',
    ],
    ['says nothing of another', 'session-2', 'sign in: there is no session, or it has ended'],
  ])('%s', (_what, session, words) => {
    const state = fold(person, [enrolled, passwordSet, signedIn, timedOut]);
    expect(() => requireSession(state, session, self.at)).toThrow(words);
  });
  it.each([
    ['before the time', '2026-11-22T13:18:14.122Z', false],
    ['at the time', '2026-11-22T13:18:14.123Z', true],
    ['by a clock that was set back', '2026-11-22T10:48:14.123Z', false],
  ])('is over or not: %s', (_when, at, over) => expect(isUnused(self.at, 30, at)).toBe(over));
});

describe('wrong passwords', () => {
  it('are counted', () => given(enrolled, passwordSet).when(failures(4)).then(failed(4, 4)));
  it('lock out at the fifth in a row', () =>
    given(enrolled, passwordSet).when(failures(5)).then(failed(5, 5), lockedOut));
  it('lock out whenever they were recorded', () =>
    given(enrolled, passwordSet, failed(4, 4)).when(failures(1)).then(failed(1, 5), lockedOut));
  it('begin anew after a right one', () =>
    given(enrolled, passwordSet, failed(4, 4), signedIn).when(failures(1)).then(failed(1, 1)));
  it('begin anew after a right one that opened no session', () =>
    given(enrolled, passwordSet, failed(4, 4), failed(1, 0)).when(failures(1)).then(failed(1, 1)));
  it('do not lock out for long when the clock was ahead then, and is set back', () => {
    const ahead: PersonEvent = {
      type: 'PersonLockedOut',
      data: { until: '2027-11-22T13:03:14.123Z', failures: 5 },
    };
    const shortly: PersonEvent = {
      type: 'PersonLockedOut',
      data: { until: '2026-11-22T13:18:14.123Z', failures: 5 },
    };
    given(enrolled, passwordSet, failed(5, 5), ahead).when(signIn).then(signedIn);
    given(enrolled, passwordSet, failed(5, 5), shortly).when(signIn).thenRefused('locked-out');
  });
  it('begin anew after a lock-out', () =>
    given(enrolled, passwordSet, failed(5, 5), lockedOut)
      .when({ ...failures(1), context: { ...control, at: '2026-11-22T13:30:00.000Z' } })
      .then({ type: 'SignInFailed', data: { ...counted(1), inARow: 1 } }));
});

describe('a tampered credential', () => {
  const report: PersonCommand = {
    type: 'ReportTampering',
    credential: password.id,
    expected: password.verifierDigest,
    found: null,
    context: control,
  };
  const found: PersonEvent = {
    type: 'CredentialTamperingFound',
    data: { credential: password.id, expected: password.verifierDigest, found: null },
  };
  it('is reported', () => given(enrolled, passwordSet).when(report).then(found));
  it('is reported once', () => given(enrolled, passwordSet, found).when(report).thenNothing());
});

describe('being disabled', () => {
  it('says which rights ended', () =>
    given(enrolled, granted('author'))
      .when(disable)
      .then({ type: 'PersonDisabled', data: { roles: ['author'] } }));
  it('is final', () => given(enrolled, disabled).when(disable).thenRefused('person-disabled'));
  it('is not done to oneself', () =>
    given(enrolled)
      .when({ ...disable, context: byPerson('Ben', ['admin']) })
      .thenRefused('own-rights'));
  it('leaves no session', () => {
    const state = fold(person, [enrolled, passwordSet, signedIn, disabled]);
    expect(state).toEqual({
      status: 'disabled',
      login: 'ben',
      name: 'Ben',
      firstAdmin: false,
      identityReference: null,
      roles: [],
      tampered: [],
      resets: 0,
      recovered: false,
      secretOfTwo: false,
    });
  });
});
