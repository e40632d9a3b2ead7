import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { PersonCommand } from './commands.js';
import type { PersonEvent } from './events.js';
import type { SignOnUse } from './single-sign-on-events.js';
import { person } from './person.js';

const { given } = specify(person);

const self = byPerson('Ben', ['approver']);
const ada = byPerson('Ada', ['admin']);
const after = (minutes: number) => new Date(Date.parse(self.at) + minutes * 60_000).toISOString();
const WEEK = 7 * 24 * 60;

const secret = { kind: 'enrolment-secret', id: 'secret', verifierDigest: 'a'.repeat(64) } as const;
const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: { login: 'ben', name: 'Ben', firstAdmin: false, credential: { ...secret, expiresAt: self.at } },
};
const history: PersonEvent[] = [
  enrolled,
  {
    type: 'PasswordSet',
    data: { credential: { id: 'password', verifierDigest: 'b'.repeat(64) }, enrolment: 'secret' },
  },
  { type: 'SignedIn', data: { session: 's', expiresAt: after(480) } },
  { type: 'SignedIn', data: { session: 'other', expiresAt: after(480) } },
];

const identity = { issuer: 'https://login.example', claim: 'sub', subject: 'b-4711' };
const request = (subject = 'b-4711', context = ada): PersonCommand => {
  return { type: 'RequestSingleSignOn', person: 'id-of-Ben', ...identity, subject, context };
};
const requestedBy = { id: 'id-of-Ada', name: 'Ada' };
const requested: PersonEvent = {
  type: 'SingleSignOnRequested',
  data: { ...identity, requestedBy, expiresAt: after(WEEK) },
};
const use = (nonce: string, credential = 'binding', minutes = 5): SignOnUse => {
  return { credential, nonce, authTime: self.at, expiresAt: after(minutes) };
};
const bind = (more: object = {}): PersonCommand => {
  const command = { session: 's', identity, use: use('first'), requesterIsAdmin: true, context: self };
  return { type: 'BindSingleSignOn', ...command, ...more };
};
const bound: PersonEvent = {
  type: 'SingleSignOnBound',
  data: { ...identity, use: use('first'), old: null, requestedBy, session: 's' },
};
const usual = [...history, requested, bound];
const key = {
  id: 'key',
  name: 'blue one',
  credentialId: 'credential',
  publicKey: 'MFkw',
  algorithm: -7,
  signCount: 0,
  transports: ['usb'],
  aaguid: '00000000-0000-0000-0000-000000000000',
  backupEligible: false,
};
const withKey: PersonEvent[] = [
  ...usual,
  {
    type: 'SecurityKeyOffered',
    data: { name: 'blue one', challengeDigest: 'c', session: 's', expiresAt: after(5) },
  },
  { type: 'SecurityKeyEnrolled', data: { key, challengeDigest: 'c', session: 's' } },
];
const answer = (challenge: string) => {
  return { credential: 'key', challenge, expiresAt: after(5), signCount: 0, userVerified: false };
};
const signIn = (singleSignOn: SignOnUse, more: object = {}): PersonCommand => {
  const nothing = { password: null, secondFactor: null, failuresBefore: null };
  return {
    type: 'SignIn',
    session: 'new',
    expiresAt: after(480),
    ...nothing,
    singleSignOn,
    context: self,
    ...more,
  };
};
const prove = (more: object = {}): PersonCommand => ({
  type: 'Reauthenticate',
  session: 's',
  purpose: { what: 'signature', pauseMinutes: 15 },
  password: null,
  login: false,
  secondFactor: null,
  singleSignOn: use('second'),
  failuresBefore: null,
  context: self,
  ...more,
});

describe('single sign-on', () => {
  it('R23: is asked for by an admin, of another one who has a password', () => {
    given(...history)
      .when(request())
      .then(requested);
    given(...history)
      .when(request('b-4711', self))
      .thenRefused('not-an-admin');
    const own = byPerson('Ben', ['admin']);
    given(...history)
      .when(request('b-4711', own))
      .thenRefused('own-rights');
    given(enrolled).when(request()).thenRefused('unknown-person');
    given(...history, { type: 'PersonDisabled', data: { roles: [] } })
      .when(request())
      .thenRefused('person-disabled');
  });

  it.each(['', 'x'.repeat(256), 'two\nlines', 'half \ud800'])(
    'is of nobody whose subject is %j',
    (subject) => {
      given(...history)
        .when(request(subject))
        .thenRefused('invalid-subject');
    },
  );

  it('R23: counts once the person accepted it, who signed in there as just that', () => {
    given(...history, requested)
      .when(bind())
      .then(bound);
    given(...history)
      .when(bind())
      .thenRefused('no-single-sign-on-requested');
    given(...history, requested)
      .when(bind({ identity: { ...identity, subject: 'mallory' } }))
      .thenRefused('single-sign-on-refused');
    given(...history, requested)
      .when(bind({ identity: { ...identity, claim: 'oid' } }))
      .thenRefused('single-sign-on-refused');
    given(...history, requested)
      .when(bind({ identity: { ...identity, issuer: 'https://evil.example' } }))
      .thenRefused('single-sign-on-refused');
    given(...history, requested)
      .when(bind({ session: 'gone' }))
      .thenRefused('not-signed-in');
  });

  it('R23: waits a week, for what an admin asked who still is one', () => {
    const late = { ...self, at: after(WEEK) };
    const again: PersonEvent = { type: 'SignedIn', data: { session: 's', expiresAt: after(WEEK + 480) } };
    const lateUse = use('first', 'binding', WEEK + 5);
    given(...history, requested, again)
      .when(bind({ context: late, use: lateUse }))
      .thenRefused('no-single-sign-on-requested');
    given(...history, requested)
      .when(bind({ requesterIsAdmin: false }))
      .thenRefused('no-single-sign-on-requested');
  });

  it('R23: is bound anew in the same way, by two, and the one before counts no more', () => {
    const newer: PersonEvent = { ...bound, data: { ...bound.data, use: use('n', 'newer'), old: 'binding' } };
    const anew = bind({ use: use('n', 'newer') });
    given(...usual)
      .when(anew)
      .thenRefused('no-single-sign-on-requested');
    given(...usual, requested)
      .when(anew)
      .then(newer);
    given(...usual, requested, newer)
      .when(signIn(use('x')))
      .thenRefused('single-sign-on-refused');
  });

  it('ends the other sessions when it is accepted, and all when it is taken away', () => {
    const state = fold(person, usual);
    expect(state.status === 'active' && [...state.sessions.keys()]).toEqual(['s']);
    const remove: PersonCommand = { type: 'RemoveSingleSignOn', person: 'id-of-Ben', context: ada };
    const removed: PersonEvent = {
      type: 'SingleSignOnRemoved',
      data: { ...identity, credential: 'binding' },
    };
    given(...usual)
      .when(remove)
      .then(removed);
    given(...history)
      .when(remove)
      .thenRefused('no-single-sign-on');
    given(...usual)
      .when({ ...remove, context: self })
      .thenRefused('not-an-admin');
    const gone = fold(person, [...usual, removed]);
    expect(gone).toMatchObject({ status: 'active', singleSignOn: null, sessions: new Map() });
    given(...usual, removed)
      .when(signIn(use('x')))
      .thenRefused('single-sign-on-refused');
  });

  it('R23: is void with all else when the person is reset', () => {
    const reset: PersonEvent = {
      type: 'PersonReset',
      data: {
        request: 'r',
        requestedBy,
        confirmedBy: { id: 'id-of-Eve', name: 'Eve' },
        old: ['password', 'binding'],
        credential: { ...secret, expiresAt: self.at },
      },
    };
    const set: PersonEvent = {
      type: 'PasswordSet',
      data: { credential: { id: 'new', verifierDigest: 'b'.repeat(64) }, enrolment: 'secret' },
    };
    given(...usual, reset, set)
      .when(signIn(use('x')))
      .thenRefused('single-sign-on-refused');
  });
});

describe('signing in with single sign-on', () => {
  const signedIn = (singleSignOn: SignOnUse, more: object = {}): PersonEvent => {
    return { type: 'SignedIn', data: { session: 'new', expiresAt: after(480), singleSignOn, ...more } };
  };

  it('R28: takes an answer of the provider once, while it is good', () => {
    given(...usual)
      .when(signIn(use('x')))
      .then(signedIn(use('x')));
    given(...usual, signedIn(use('x')))
      .when(signIn(use('x')))
      .thenRefused('single-sign-on-refused');
    given(...usual)
      .when(signIn(use('first')))
      .thenRefused('single-sign-on-refused');
    given(...usual)
      .when(signIn(use('x', 'binding', 0)))
      .thenRefused('single-sign-on-refused');
    given(...usual)
      .when(signIn(use('x', 'another')))
      .thenRefused('single-sign-on-refused');
  });

  it('R22: takes the second component of who has one', () => {
    given(...withKey)
      .when(signIn(use('x')))
      .thenRefused('second-component-required');
    const secondFactor = answer('q');
    given(...withKey)
      .when(signIn(use('x'), { secondFactor }))
      .then(signedIn(use('x'), { secondFactor }));
  });

  it('R24: is for nobody who is locked out, or disabled', () => {
    const locked: PersonEvent = { type: 'PersonLockedOut', data: { until: after(15), failures: 5 } };
    given(...usual, locked)
      .when(signIn(use('x')))
      .thenRefused('locked-out');
    const disabled: PersonEvent = { type: 'PersonDisabled', data: { roles: [] } };
    given(...usual, disabled)
      .when(signIn(use('x')))
      .thenRefused('person-disabled');
  });
});

describe('a signature with single sign-on', () => {
  const opened: PersonEvent = {
    type: 'PersonReauthenticated',
    data: {
      session: 's',
      for: 'signature',
      at: self.at,
      secondFactor: answer('q'),
      singleSignOn: use('second'),
    },
  };

  it('R22: takes a second component beside it, which the person must have', () => {
    given(...usual)
      .when(prove())
      .thenRefused('second-component-missing');
    given(...withKey)
      .when(prove())
      .thenRefused('second-component-required');
    given(...withKey)
      .when(prove({ secondFactor: answer('q') }))
      .then(opened);
  });

  it('R22: takes it within a period of signing too, which it opens', () => {
    given(...withKey, opened)
      .when(prove({ singleSignOn: use('third') }))
      .thenRefused('second-component-required');
    const alone = { password: 'password', singleSignOn: undefined };
    given(...withKey, opened)
      .when(prove(alone))
      .then({
        type: 'PersonReauthenticated',
        data: { session: 's', for: 'signature', at: self.at },
      });
  });

  it('R22: takes no answer twice', () => {
    given(...withKey, opened)
      .when(prove({ secondFactor: answer('r') }))
      .thenRefused('single-sign-on-refused');
  });

  it('R23: is none for what concerns credentials, which takes the password', () => {
    const credentials = { purpose: { what: 'credentials' }, secondFactor: answer('q') };
    given(...withKey)
      .when(prove(credentials))
      .thenRefused('password-required');
  });
});
