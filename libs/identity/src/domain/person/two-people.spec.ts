import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { PersonCommand } from './commands.js';
import type { EnrolmentSecret, PersonEvent } from './events.js';
import { changeBy, requireYoungEnough, warnedToChangeBy } from './password-age.js';
import { person } from './person.js';

const { given } = specify(person);

const ada = byPerson('Ada', ['admin']);
const bea = byPerson('Bea', ['admin']);
const qa = byPerson('Quinn', ['qa']);
const self = byPerson('Ben', ['admin', 'qa']);
const days = (context: typeof ada, count: number) => {
  return { ...context, at: new Date(Date.parse(ada.at) + count * 86_400_000).toISOString() };
};
const ADA = { id: 'id-of-Ada', name: 'Ada' };

const secret = (id: string): EnrolmentSecret => {
  return {
    kind: 'enrolment-secret',
    id,
    verifierDigest: 'a'.repeat(64),
    expiresAt: '2026-11-29T12:48:14.123Z',
  };
};
const verification = 'badge 1234 seen by A. Meier';
const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: { login: 'ben', name: 'Ben', firstAdmin: false, verification, credential: secret('secret') },
};
const passwordSet: PersonEvent = {
  type: 'PasswordSet',
  data: {
    credential: { id: 'password', verifierDigest: 'b'.repeat(64) },
    enrolment: 'secret',
    at: '2026-11-22T12:48:14.123Z',
  },
};
const signedIn: PersonEvent = {
  type: 'SignedIn',
  data: { session: 'session-1', expiresAt: '2026-11-22T20:48:14.123Z' },
};
const requested: PersonEvent = {
  type: 'RoleRequested',
  data: { role: 'approver', requestedBy: ADA, expiresAt: '2026-11-29T12:48:14.123Z' },
};
const enrol = {
  type: 'EnrolPerson',
  person: 'id-of-Ben',
  login: 'ben',
  name: 'Ben',
  roles: [],
  firstAdmin: false,
  verification,
  credential: secret('secret'),
  request: 'request-0',
  context: ada,
} as const satisfies PersonCommand;

describe('enrolling once a site is in use', () => {
  it('R21: says who made sure of whom this is', () => given().when(enrol).then(enrolled));
  it.each([null, '', '   ', 'seen it'])('R21: refuses %j for that', (said) =>
    given()
      .when({ ...enrol, verification: said })
      .thenRefused('verification-required'),
  );
  it('R21: asks for it while the site is set up only where it is begun', () => {
    const context = byPerson('Ada', ['admin'], { auth: 'commissioning' });
    const { verification: _none, ...data } = enrolled.data;
    given()
      .when({ ...enrol, verification: null, context })
      .then({ type: 'PersonEnrolled', data });
    given()
      .when({ ...enrol, verification: 'seen it', context })
      .thenRefused('verification-required');
  });
  it('R23: grants no role that takes two people, and gives nobody a whole secret for it', () => {
    const author: PersonEvent = { type: 'RoleGranted', data: { role: 'author', old: [], new: ['author'] } };
    const asked: PersonEvent = {
      type: 'ResetRequested',
      data: { request: 'request-0', requestedBy: ADA, expiresAt: '2026-11-29T12:48:14.123Z' },
    };
    const signs = [enrolled, author, requested, asked];
    given()
      .when({ ...enrol, roles: ['approver', 'author'] })
      .then(...signs);
    const admin: PersonEvent = { ...requested, data: { ...requested.data, role: 'admin' } };
    const rules = [enrolled, admin, asked];
    given()
      .when({ ...enrol, roles: ['admin'] })
      .then(...rules);
  });
});

/** With a secret in two parts, which two people gave out. */
const byTwo: PersonEvent = {
  type: 'PersonReset',
  data: {
    request: 'request-0',
    requestedBy: ADA,
    confirmedBy: { id: 'id-of-Bea', name: 'Bea' },
    old: ['secret'],
    credential: secret('secret-of-two'),
  },
};

describe('a role that takes two people', () => {
  const grant = {
    type: 'GrantRole',
    person: 'id-of-Ben',
    role: 'approver',
    rings: null,
    context: ada,
  } as const satisfies PersonCommand;
  const confirm = {
    ...grant,
    type: 'ConfirmRole',
    requesterIsAdmin: true,
    context: bea,
  } as const satisfies PersonCommand;
  const granted: PersonEvent = {
    type: 'RoleGranted',
    data: { role: 'approver', old: [], new: ['approver'], requestedBy: ADA },
  };

  it('R23: is asked for by one admin', () => given(enrolled).when(grant).then(requested));
  it('R23: is granted by another', () => {
    given(enrolled, requested, byTwo).when(confirm).then(granted);
    given(enrolled, byTwo, passwordSet, signedIn, requested).when(confirm).then(granted);
  });
  it('R23: is not granted to who began with a secret that one admin knew', () => {
    given(enrolled, requested).when(confirm).thenRefused('enrolled-by-one');
    given(enrolled, passwordSet, signedIn, requested).when(confirm).thenRefused('enrolled-by-one');
    const changed: PersonEvent = {
      type: 'PasswordChanged',
      data: { credential: passwordSet.data.credential, old: 'password', at: ada.at },
    };
    given(enrolled, passwordSet, changed, requested).when(confirm).thenRefused('enrolled-by-one');
    const renewed: PersonEvent = {
      type: 'EnrolmentRenewed',
      data: { old: 'secret-of-two', credential: secret('renewed') },
    };
    given(enrolled, byTwo, renewed, requested).when(confirm).thenRefused('enrolled-by-one');
  });
  it('R23: is admin as well, so that nobody makes a second person alone', () => {
    const admin = { ...requested, data: { ...requested.data, role: 'admin' } } as const;
    const asked = { ...confirm, role: 'admin' } as const;
    const made = {
      ...granted,
      data: { role: 'admin', old: [], new: ['admin'], requestedBy: ADA },
    } as const;
    given(enrolled, byTwo)
      .when({ ...grant, role: 'admin' })
      .then(admin);
    given(enrolled, byTwo, admin)
      .when({ ...asked, context: ada })
      .thenRefused('second-person-required');
    given(enrolled, admin).when(asked).thenRefused('enrolled-by-one');
    given(enrolled, byTwo, admin).when(asked).then(made);
    // Where one admin is left.
    given(enrolled, byTwo, admin)
      .when({ ...asked, context: qa })
      .then(made);
    given(enrolled, byTwo, admin)
      .when({ ...asked, context: byPerson('Oli', ['operator', 'approver']) })
      .thenRefused('not-an-admin');
  });
  it('takes one while the site is set up', () =>
    given(enrolled)
      .when({ ...grant, role: 'admin', context: byPerson('Ada', ['admin'], { auth: 'commissioning' }) })
      .then({ type: 'RoleGranted', data: { role: 'admin', old: [], new: ['admin'] } }));
  it('R23: is not granted by who asked', () =>
    given(enrolled, requested)
      .when({ ...confirm, context: ada })
      .thenRefused('second-person-required'));
  it('R23: is not granted by its person', () =>
    given(enrolled, requested)
      .when({ ...confirm, context: self })
      .thenRefused('own-rights'));
  it('R23: is not granted when who asked is no admin any more', () =>
    given(enrolled, requested)
      .when({ ...confirm, requesterIsAdmin: false })
      .thenRefused('second-person-required'));
  it('R23: that signs is granted by an admin alone', () =>
    given(enrolled, requested)
      .when({ ...confirm, context: qa })
      .thenRefused('not-an-admin'));
  it('is not granted unasked, nor twice', () => {
    given(enrolled).when(confirm).thenRefused('role-not-requested');
    given(enrolled, byTwo, requested, granted).when(confirm).thenRefused('role-not-requested');
  });
  it('waits for a week', () =>
    given(enrolled, requested)
      .when({ ...confirm, context: days(bea, 7) })
      .thenRefused('role-not-requested'));
  it('is not granted to who has become an admin meanwhile', () =>
    given(enrolled, requested, { type: 'RoleGranted', data: { role: 'admin', old: [], new: ['admin'] } })
      .when(confirm)
      .thenRefused('roles-exclude-each-other'));
  it('is revoked by one', () =>
    given(enrolled, requested, granted)
      .when({ ...grant, type: 'RevokeRole', otherAdmins: 2 })
      .then({ type: 'RoleRevoked', data: { role: 'approver', old: ['approver'], new: [] } }));
});

describe('a reset', () => {
  const request = {
    type: 'RequestReset',
    person: 'id-of-Ben',
    request: 'request-1',
    context: ada,
  } as const satisfies PersonCommand;
  const asked: PersonEvent = {
    type: 'ResetRequested',
    data: { request: 'request-1', requestedBy: ADA, expiresAt: '2026-11-29T12:48:14.123Z' },
  };
  const confirm = {
    ...request,
    type: 'ConfirmReset',
    requesterIsAdmin: true,
    credential: secret('new-secret'),
    context: qa,
  } as const satisfies PersonCommand;
  const reset: PersonEvent = {
    type: 'PersonReset',
    data: {
      request: 'request-1',
      requestedBy: ADA,
      confirmedBy: { id: 'id-of-Quinn', name: 'Quinn' },
      old: ['password'],
      credential: secret('new-secret'),
    },
  };
  const active = [enrolled, passwordSet, signedIn];

  it('R23: is asked for by an admin', () => {
    given(...active)
      .when(request)
      .then(asked);
    given(...active)
      .when({ ...request, context: qa })
      .thenRefused('not-an-admin');
    given(...active)
      .when({ ...request, context: self })
      .thenRefused('own-rights');
  });
  it('R23: is confirmed by another admin or by qa', () => {
    given(...active, asked)
      .when(confirm)
      .then(reset);
    const confirmedBy = { id: 'id-of-Bea', name: 'Bea' };
    given(...active, asked)
      .when({ ...confirm, context: bea })
      .then({ ...reset, data: { ...reset.data, confirmedBy } });
  });
  it('R23: is confirmed by neither of the two whom it concerns, nor by anybody else', () => {
    given(...active, asked)
      .when({ ...confirm, context: ada })
      .thenRefused('second-person-required');
    given(...active, asked)
      .when({ ...confirm, context: self })
      .thenRefused('own-rights');
    const other = byPerson('Oli', ['operator', 'approver']);
    given(...active, asked)
      .when({ ...confirm, context: other })
      .thenRefused('not-an-admin');
  });
  it('R23: is not confirmed when who asked is no admin any more', () =>
    given(...active, asked)
      .when({ ...confirm, requesterIsAdmin: false })
      .thenRefused('second-person-required'));
  it('R23: is confirmed as it was asked for, within a week', () => {
    given(...active)
      .when(confirm)
      .thenRefused('no-reset-requested');
    given(...active, asked)
      .when({ ...confirm, context: days(qa, 7) })
      .thenRefused('no-reset-requested');
    given(...active, asked)
      .when({ ...confirm, request: 'another' })
      .thenRefused('no-reset-requested');
    given(...active, asked, reset)
      .when(confirm)
      .thenRefused('no-reset-requested');
  });
  it('R23: leaves nothing of what counted before', () => {
    const state = fold(person, [...active, asked, reset]);
    expect(state).toMatchObject({
      status: 'enrolled',
      enrolment: secret('new-secret'),
      resets: 1,
      reset: null,
    });
    expect(state).not.toHaveProperty('password');
    expect(state).not.toHaveProperty('sessions');
  });
  it('is for who lost the enrolment secret as well, and not for the disabled', () => {
    given(enrolled, asked)
      .when(confirm)
      .then({ ...reset, data: { ...reset.data, old: ['secret'] } });
    given(enrolled, { type: 'PersonDisabled', data: { roles: [] } })
      .when(request)
      .thenRefused('person-disabled');
  });
});

describe('a password', () => {
  const active = (...more: PersonEvent[]) => {
    const state = fold(person, [enrolled, passwordSet, ...more]);
    if (state.status !== 'active') throw new Error(state.status);
    return state;
  };
  const change = {
    type: 'ChangePassword',
    password: 'password',
    credential: { id: 'password-2', verifierDigest: 'c'.repeat(64) },
    session: 'session-2',
    expiresAt: '2026-11-22T20:48:14.123Z',
    secondFactor: null,
    failuresBefore: null,
    context: byPerson('Ben', [], { auth: 'password' }),
  } as const satisfies PersonCommand;
  const changed: PersonEvent = {
    type: 'PasswordChanged',
    data: { credential: { id: 'password-2', verifierDigest: 'c'.repeat(64) }, old: 'password', at: ada.at },
  };

  it('R24: is changed, and every other session ends', () => {
    const began: PersonEvent = {
      type: 'SignedIn',
      data: { session: 'session-2', expiresAt: '2026-11-22T20:48:14.123Z' },
    };
    given(enrolled, passwordSet, signedIn).when(change).then(changed, began);
    expect([...active(signedIn, changed, began).sessions.keys()]).toEqual(['session-2']);
  });
  it('R23: is not changed by who gave one that is another by now', () =>
    given(enrolled, passwordSet, changed).when(change).thenRefused('wrong-password'));
  it('R24: ages, with a warning two weeks before', () => {
    expect(changeBy(active(), 0)).toBeNull();
    expect(changeBy(active(), 90)).toBe('2027-02-20T12:48:14.123Z');
    expect(warnedToChangeBy(active(), 90, '2027-02-06T12:48:14.122Z')).toBeNull();
    expect(warnedToChangeBy(active(), 90, '2027-02-06T12:48:14.123Z')).toBe('2027-02-20T12:48:14.123Z');
    expect(() => requireYoungEnough(active(), 90, '2027-02-20T12:48:14.122Z')).not.toThrow();
    expect(() => requireYoungEnough(active(), 90, '2027-02-20T12:48:14.123Z')).toThrow(
      'had to be changed by',
    );
  });
  it('R24: of an older event ages from the first session after it', () => {
    const { at: _unsaid, ...data } = passwordSet.data;
    const old = fold(person, [enrolled, { type: 'PasswordSet', data }, signedIn]);
    if (old.status !== 'active') throw new Error(old.status);
    expect(changeBy(old, 90)).toBe('2027-02-20T20:48:14.123Z');
  });
});
