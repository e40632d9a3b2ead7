import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { PersonCommand } from './commands.js';
import type { PersonEvent } from './events.js';
import { person } from './person.js';

const { given } = specify(person);

const self = byPerson('Ben', ['approver']);
const later = (minutes: number) =>
  byPerson('Ben', ['approver'], { at: new Date(Date.parse(self.at) + minutes * 60_000).toISOString() });

const opened = (session: string): PersonEvent => {
  return { type: 'SignedIn', data: { session, expiresAt: '2026-11-22T20:48:14.123Z' } };
};
const history: PersonEvent[] = [
  {
    type: 'PersonEnrolled',
    data: {
      login: 'ben',
      name: 'Ben',
      firstAdmin: false,
      credential: {
        kind: 'enrolment-secret',
        id: 'secret',
        verifierDigest: 'a'.repeat(64),
        expiresAt: self.at,
      },
    },
  },
  {
    type: 'PasswordSet',
    data: { credential: { id: 'password', verifierDigest: 'b'.repeat(64) }, enrolment: 'secret' },
  },
  opened('s'),
];
const credential = { kind: 'totp', id: 'totp', verifierDigest: 'c'.repeat(64) } as const;
const offered: PersonEvent = {
  type: 'SecondFactorOffered',
  data: { credential, expiresAt: '2026-11-22T13:03:14.123Z' },
};
const enrolled: PersonEvent = {
  type: 'SecondFactorEnrolled',
  data: { credential: 'totp', step: 100, old: null, session: 's' },
};
const use = (step: number) => ({ credential: 'totp', step });
const withSecond = [...history, offered, enrolled];

const signedOut: PersonEvent = { type: 'SignedOut', data: { session: 's' } };
const signIn = (step: number | null): PersonCommand => ({
  type: 'SignIn',
  session: 's',
  expiresAt: '2026-11-22T20:48:14.123Z',
  password: 'password',
  secondFactor: step === null ? null : use(step),
  failuresBefore: null,
  context: self,
});
const signedIn = (step: number): PersonEvent => {
  return {
    type: 'SignedIn',
    data: { session: 's', expiresAt: '2026-11-22T20:48:14.123Z', secondFactor: use(step) },
  };
};
const sign = (step: number | null, minutes = 0, session = 's', pauseMinutes = 15): PersonCommand => ({
  type: 'Reauthenticate',
  session,
  purpose: { what: 'signature', pauseMinutes },
  password: 'password',
  login: false,
  secondFactor: step === null ? null : use(step),
  failuresBefore: null,
  context: later(minutes),
});
const signed = (step: number | null, minutes = 0): PersonEvent => ({
  type: 'PersonReauthenticated',
  data: {
    session: 's',
    for: 'signature',
    at: later(minutes).at,
    ...(step === null ? {} : { secondFactor: use(step) }),
  },
});
/** With the login beside the password. */
const named = (command: PersonCommand): PersonCommand => ({ ...command, login: true }) as PersonCommand;
const signedNamed = (minutes = 0): PersonEvent => ({
  type: 'PersonReauthenticated',
  data: { session: 's', for: 'signature', at: later(minutes).at, login: true },
});

describe('a second component', () => {
  it('R22: is offered for a quarter of an hour', () =>
    given(...history)
      .when({ type: 'OfferSecondFactor', credential, context: self })
      .then(offered));
  it('R22: is enrolled with its first code', () =>
    given(...history, offered)
      .when({ type: 'EnrolSecondFactor', session: 's', use: use(100), context: self })
      .then(enrolled));
  it('R22: is not enrolled in a session that ended', () =>
    given(...history, offered, signedOut)
      .when({ type: 'EnrolSecondFactor', session: 's', use: use(100), context: self })
      .thenRefused('not-signed-in'));
  it('R22: ends every session but the one in which it is enrolled', () => {
    const state = fold(person, [...history, opened('without a code'), offered, enrolled]);
    expect(state.status === 'active' && [...state.sessions.keys()]).toEqual(['s']);
  });
  it('is not enrolled when the offer is over, or another was made meanwhile', () => {
    const confirm = { type: 'EnrolSecondFactor', session: 's', use: use(100), context: later(15) } as const;
    given(...history, offered)
      .when(confirm)
      .thenRefused('no-second-component-offered');
    given(...history)
      .when(confirm)
      .thenRefused('no-second-component-offered');
    const other: PersonEvent = {
      type: 'SecondFactorOffered',
      data: { ...offered.data, credential: { ...credential, id: 'other' } },
    };
    given(...history, offered, other)
      .when({ ...confirm, context: self })
      .thenRefused('wrong-code');
  });
  it('is replaced by another, which says which', () => {
    const other: PersonEvent = {
      type: 'SecondFactorOffered',
      data: { ...offered.data, credential: { ...credential, id: 'other' } },
    };
    given(...withSecond, other)
      .when({
        type: 'EnrolSecondFactor',
        session: 's',
        use: { credential: 'other', step: 7 },
        context: self,
      })
      .then({
        type: 'SecondFactorEnrolled',
        data: { credential: 'other', step: 7, old: 'totp', session: 's' },
      });
  });
  it('is removed, once', () => {
    const removed: PersonEvent = { type: 'SecondFactorRemoved', data: { credential: 'totp' } };
    given(...withSecond)
      .when({ type: 'RemoveSecondFactor', context: self })
      .then(removed);
    given(...withSecond, removed)
      .when({ type: 'RemoveSecondFactor', context: self })
      .thenRefused('no-second-component');
  });
});

describe('a code', () => {
  it('R22: is good once, at sign-in and at signing together', () => {
    given(...withSecond)
      .when(signIn(101))
      .then(signedIn(101));
    given(...withSecond)
      .when(signIn(100))
      .thenRefused('wrong-code');
    given(...withSecond, signedIn(101))
      .when(sign(101))
      .thenRefused('wrong-code');
    given(...withSecond, signedIn(101))
      .when(sign(102))
      .then(signed(102));
    given(...withSecond, signed(102))
      .when(signIn(102))
      .thenRefused('wrong-code');
  });
  it('is asked for at sign-in of who has a second component, and of nobody else', () => {
    given(...withSecond)
      .when(signIn(null))
      .thenRefused('second-component-required');
    given(...history)
      .when(signIn(null))
      .then({ type: 'SignedIn', data: { session: 's', expiresAt: '2026-11-22T20:48:14.123Z' } });
  });
});

describe('a period of signing', () => {
  const begun = [...withSecond, signedIn(101), signed(102)];
  it('R22: begins with both components', () =>
    given(...withSecond, signedIn(101))
      .when(sign(null))
      .thenRefused('second-component-required'));
  it('R22: goes on with the password', () =>
    given(...begun)
      .when(sign(null, 14))
      .then(signed(null, 14)));
  it('R22: ends so long after both components, however often the password alone was given since', () => {
    given(...begun)
      .when(sign(null, 15))
      .thenRefused('second-component-required');
    given(...begun, signed(null, 14))
      .when(sign(null, 15))
      .thenRefused('second-component-required');
  });
  it('R22: begins anew with both', () =>
    given(...begun, signed(103, 14))
      .when(sign(null, 28))
      .then(signed(null, 28)));
  it('R22: is of one session', () =>
    given(...begun, opened('another'))
      .when(sign(null, 1, 'another'))
      .thenRefused('second-component-required'));
  it('R22: is none where the site says so', () =>
    given(...begun)
      .when(sign(null, 0, 's', 0))
      .thenRefused('second-component-required'));
  it('ends with a clock that was set back', () =>
    given(...begun)
      .when(sign(null, -1))
      .thenRefused('second-component-required'));
  it('ends with another second component', () => {
    const other: PersonEvent = {
      type: 'SecondFactorOffered',
      data: { ...offered.data, credential: { ...credential, id: 'other' } },
    };
    const replaced: PersonEvent = {
      type: 'SecondFactorEnrolled',
      data: { credential: 'other', step: 103, old: 'totp', session: 's' },
    };
    given(...begun, other, replaced)
      .when(sign(null, 1))
      .thenRefused('second-component-required');
  });
  it('is for signatures alone: credentials take both each time', () =>
    given(...begun)
      .when({ ...sign(null, 1), purpose: { what: 'credentials' } } as PersonCommand)
      .thenRefused('second-component-required'));
});

describe('a period of signing of who has no second component', () => {
  const begun = [...history, signedNamed()];
  it('R22: begins with login and password', () => {
    given(...history)
      .when(sign(null))
      .thenRefused('login-required');
    given(...history)
      .when(named(sign(null)))
      .then(signedNamed());
  });
  it('R22: goes on with the password', () =>
    given(...begun)
      .when(sign(null, 14))
      .then(signed(null, 14)));
  it('R22: ends so long after both, however often the password alone was given since', () =>
    given(...begun, signed(null, 14))
      .when(sign(null, 15))
      .thenRefused('login-required'));
  it('R22: begins anew with both', () =>
    given(...begun, signedNamed(14))
      .when(sign(null, 28))
      .then(signed(null, 28)));
  it('R22: is of one session', () =>
    given(...begun, opened('another'))
      .when(sign(null, 1, 'another'))
      .thenRefused('login-required'));
  it('R22: is none where the site says so', () =>
    given(...begun)
      .when(sign(null, 0, 's', 0))
      .thenRefused('login-required'));
  it('R22: ends with a second component, which the login does not stand in for', () => {
    given(...begun, offered, enrolled)
      .when(named(sign(null, 1)))
      .thenRefused('second-component-required');
    const within = [...withSecond, signed(102), signedNamed(14)];
    given(...within)
      .when(named(sign(null, 15)))
      .thenRefused('second-component-required');
  });
  it('R22: ends when the second component is removed', () =>
    given(...withSecond, signed(102), { type: 'SecondFactorRemoved', data: { credential: 'totp' } })
      .when(sign(null, 1))
      .thenRefused('login-required'));
  it('is for signatures alone: credentials take both each time', () => {
    const credentials = { ...sign(null, 1), purpose: { what: 'credentials' } } as PersonCommand;
    given(...begun)
      .when(credentials)
      .thenRefused('login-required');
    given(...history)
      .when(named(credentials))
      .then({
        type: 'PersonReauthenticated',
        data: { session: 's', for: 'credentials', at: later(1).at, login: true },
      });
    given(...history, {
      type: 'PersonReauthenticated',
      data: { session: 's', for: 'credentials', at: self.at, login: true },
    })
      .when(sign(null, 1))
      .thenRefused('login-required');
  });
});

describe('what was verified', () => {
  const requestedBy = { id: 'id-of-Ada', name: 'Ada' };
  const confirmedBy = { id: 'id-of-Bea', name: 'Bea' };
  const anew = {
    kind: 'enrolment-secret',
    id: 'anew',
    verifierDigest: 'd'.repeat(64),
    expiresAt: self.at,
  } as const;
  const reset: PersonEvent = {
    type: 'PersonReset',
    data: {
      request: 'request-1',
      requestedBy,
      confirmedBy,
      old: ['password'],
      credential: anew,
    },
  };
  const changed: PersonEvent = {
    type: 'PasswordChanged',
    data: { credential: { id: 'new', verifierDigest: 'e'.repeat(64) }, old: 'password', at: self.at },
  };
  it.each<[string, PersonEvent]>([
    ['is reset', reset],
    ['is disabled', { type: 'PersonDisabled', data: { roles: [] } }],
    ['signs out', signedOut],
    ['changes the password', changed],
  ])('R23: proves nothing when its person %s meanwhile', (_what, event) => {
    given(...history, event)
      .when(sign(null))
      .thenRefused('not-signed-in');
    given(...withSecond, event)
      .when(sign(101))
      .thenRefused('not-signed-in');
  });
  it('R23: proves nothing when the session expires meanwhile', () =>
    given(...history)
      .when(sign(null, 8 * 60))
      .thenRefused('not-signed-in'));
  it('R23: proves nothing of a password that is another by now', () =>
    given(...history, changed, opened('s'))
      .when(sign(null))
      .thenRefused('wrong-password'));
});

describe('wrong guesses before a right one', () => {
  const counted = (failures: number) => ({ failures, first: self.at, last: self.at });
  const failed = (failures: number, inARow: number): PersonEvent => {
    return { type: 'SignInFailed', data: { ...counted(failures), inARow } };
  };
  const before = (command: PersonCommand, failures: number): PersonCommand =>
    ({ ...command, failuresBefore: counted(failures) }) as PersonCommand;
  const begun = [...withSecond, signed(102)];
  const wrong = (failures: number): PersonCommand => ({
    type: 'RecordFailures',
    counted: counted(failures),
    context: self,
  });
  const lockedOut: PersonEvent = {
    type: 'PersonLockedOut',
    data: { until: later(15).at, failures: 5 },
  };

  it('R24: count no more after the password of who has no second component', () =>
    given(...history, signedNamed())
      .when(before(sign(null), 4))
      .then(failed(4, 0), signed(null)));
  it('R24: go on counting after the password alone of who has one', () => {
    given(...begun)
      .when(before(sign(null), 4))
      .then(failed(4, 4), signed(null));
    given(...begun, failed(4, 4), signed(null))
      .when(wrong(1))
      .then(failed(1, 5), lockedOut);
  });
  it('R24: lock out where they fill the measure together with what another instance counted', () =>
    given(...begun, failed(3, 3))
      .when(before(sign(null), 2))
      .then(failed(2, 5), lockedOut));
  it('R24: count no more after both', () => {
    given(...begun)
      .when(before(sign(103), 4))
      .then(failed(4, 0), signed(103));
    given(...begun, failed(4, 4), signed(103))
      .when(wrong(1))
      .then(failed(1, 1));
  });
});
