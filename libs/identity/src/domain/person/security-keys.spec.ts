import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { PersonCommand } from './commands.js';
import type { KeyUse, PersonEvent } from './events.js';
import { person } from './person.js';

const { given } = specify(person);

const self = byPerson('Ben', ['approver']);
const after = (minutes: number) => new Date(Date.parse(self.at) + minutes * 60_000).toISOString();
const later = (minutes: number) => byPerson('Ben', ['approver'], { at: after(minutes) });

const opened = (session: string): PersonEvent => ({
  type: 'SignedIn',
  data: { session, expiresAt: after(480) },
});
const secret = { kind: 'enrolment-secret', id: 'secret', verifierDigest: 'a'.repeat(64) } as const;
const history: PersonEvent[] = [
  {
    type: 'PersonEnrolled',
    data: { login: 'ben', name: 'Ben', firstAdmin: false, credential: { ...secret, expiresAt: self.at } },
  },
  {
    type: 'PasswordSet',
    data: { credential: { id: 'password', verifierDigest: 'b'.repeat(64) }, enrolment: 'secret' },
  },
  opened('s'),
];

const key = (id: string, signCount = 0) => ({
  id,
  credentialId: `credential of ${id}`,
  publicKey: 'MFkw',
  algorithm: -7,
  signCount,
  transports: ['usb'],
  aaguid: '00000000-0000-0000-0000-000000000000',
  backupEligible: false,
});
const offer = (name: string, challenge = 'challenge'): PersonCommand => {
  return { type: 'OfferSecurityKey', name, session: 's', challengeDigest: challenge, context: self };
};
const offered = (name: string, challenge = 'challenge', session = 's'): PersonEvent => {
  return {
    type: 'SecurityKeyOffered',
    data: { name, challengeDigest: challenge, session, expiresAt: after(5) },
  };
};
const enrol = (id: string, minutes = 0, challenge = 'challenge'): PersonCommand => ({
  type: 'EnrolSecurityKey',
  session: 's',
  challengeDigest: challenge,
  key: key(id),
  context: later(minutes),
});
const enrolled = (id: string, name: string, signCount = 0): PersonEvent => ({
  type: 'SecurityKeyEnrolled',
  data: { key: { ...key(id, signCount), name }, challengeDigest: 'challenge', session: 's' },
});
const withKey = [...history, offered('blue'), enrolled('k', 'blue', 10)];

const use = (signCount: number, rest: Partial<KeyUse> = {}): KeyUse => ({
  credential: 'k',
  challenge: `challenge ${signCount}`,
  expiresAt: after(60),
  signCount,
  userVerified: true,
  ...rest,
});
const sign = (
  secondFactor: KeyUse | null,
  { minutes = 0, password = 'password' }: { minutes?: number; password?: string | null } = {},
): PersonCommand => ({
  type: 'Reauthenticate',
  session: 's',
  purpose: { what: 'signature', pauseMinutes: 15 },
  password,
  login: false,
  secondFactor,
  failuresBefore: null,
  context: later(minutes),
});
const signed = (secondFactor: KeyUse | null, minutes = 0, more: object = {}): PersonEvent => ({
  type: 'PersonReauthenticated',
  data: {
    session: 's',
    for: 'signature',
    at: after(minutes),
    ...(secondFactor && { secondFactor }),
    ...more,
  },
});

describe('a security key', () => {
  it('R22: is offered for five minutes, under a name', () => {
    given(...history)
      .when(offer(' blue '))
      .then(offered('blue'));
    given(...history)
      .when(offer(' '))
      .thenRefused('invalid-key-name');
    given(...history)
      .when(offer('b'.repeat(61)))
      .thenRefused('invalid-key-name');
  });
  it('R22: is enrolled with the answer to the challenge that waits', () => {
    given(...history, offered('blue'))
      .when(enrol('k'))
      .then(enrolled('k', 'blue'));
    given(...history, offered('blue'))
      .when(enrol('k', 5))
      .thenRefused('no-security-key-offered');
    given(...history, offered('blue', 'another'))
      .when(enrol('k'))
      .thenRefused('no-security-key-offered');
    given(...history, opened('t'), offered('blue', 'challenge', 't'))
      .when(enrol('k'))
      .thenRefused('no-security-key-offered');
    given(...withKey)
      .when(enrol('l'))
      .thenRefused('no-security-key-offered');
  });
  it('R22: is not enrolled in a session that ended, nor twice', () => {
    given(...history, offered('blue'), { type: 'SignedOut', data: { session: 's' } })
      .when(enrol('k'))
      .thenRefused('not-signed-in');
    given(...withKey, offered('red'))
      .when(enrol('k'))
      .thenRefused('security-key-refused');
  });
  it('R22: ends every session but the one in which it is enrolled, or removed', () => {
    const removed: PersonEvent = {
      type: 'SecurityKeyRemoved',
      data: { key: 'k', name: 'blue', session: 's' },
    };
    for (const event of [enrolled('l', 'red'), removed]) {
      const state = fold(person, [...withKey, opened('other'), offered('red'), event]);
      expect(state.status === 'active' && [...state.sessions.keys()]).toEqual(['s']);
    }
  });
  it('has a name of its own, and there are ten at most', () => {
    given(...withKey)
      .when(offer('Blue'))
      .thenRefused('security-key-name-taken');
    const nine = Array.from('abcdefghi').flatMap((id) => [offered(id), enrolled(id, id)]);
    given(...withKey, ...nine)
      .when(offer('red'))
      .thenRefused('too-many-security-keys');
  });
  it('R24: is removed, once', () => {
    const remove = { type: 'RemoveSecurityKey', session: 's', key: 'k', context: self } as const;
    const removed: PersonEvent = {
      type: 'SecurityKeyRemoved',
      data: { key: 'k', name: 'blue', session: 's' },
    };
    given(...withKey)
      .when(remove)
      .then(removed);
    given(...withKey, removed)
      .when(remove)
      .thenRefused('no-such-security-key');
    given(...withKey, removed)
      .when(sign(use(11)))
      .thenRefused('security-key-refused');
    given(...withKey, removed)
      .when(sign(null))
      .thenRefused('login-required');
  });
});

describe('an answer of a security key', () => {
  it('R22: is asked for beside the password, and opens a period of signing with it', () => {
    given(...withKey)
      .when(sign(null))
      .thenRefused('second-component-required');
    given(...withKey)
      .when(sign(use(11)))
      .then(signed(use(11)));
    given(...withKey, signed(use(11)))
      .when(sign(null, { minutes: 14 }))
      .then(signed(null, 14));
  });
  it('R22: counts for as long as its challenge lasts', () =>
    given(...withKey)
      .when(sign(use(11, { expiresAt: after(5) }), { minutes: 5 }))
      .thenRefused('security-key-refused'));
  it('R22: counts once', () => {
    given(...withKey, signed(use(11)))
      .when(sign(use(12, { challenge: 'challenge 11' })))
      .thenRefused('security-key-refused');
    // Also when others were answered since, and by another key.
    given(...withKey, signed(use(11)), signed(use(12, { expiresAt: after(64) }), 4))
      .when(sign(use(13, { challenge: 'challenge 11' }), { minutes: 4 }))
      .thenRefused('security-key-refused');
  });
  it('R22: alone goes on a period of signing, and opens or lengthens none', () => {
    const alone = { password: null };
    given(...withKey)
      .when(sign(use(11), alone))
      .thenRefused('password-required');
    const begun = [...withKey, signed(use(11))];
    given(...begun)
      .when(sign(use(12), { ...alone, minutes: 14 }))
      .then(signed(use(12), 14, { alone: true }));
    given(...begun, signed(use(12), 14, { alone: true }))
      .when(sign(use(13), { ...alone, minutes: 15 }))
      .thenRefused('password-required');
    given(...begun)
      .when(sign(use(12, { userVerified: false }), alone))
      .thenRefused('user-verification-required');
    given(...begun)
      .when(sign(null, alone))
      .thenRefused('password-required');
  });
  it('R24: whose count did not go up is refused, and reported once', () => {
    for (const found of [10, 9, 0]) {
      given(...withKey)
        .when(sign(use(found)))
        .thenRefused('security-key-count');
    }
    const report = (found: number): PersonCommand => {
      return { type: 'ReportKeyCount', key: 'k', found, context: self };
    };
    given(...withKey)
      .when(report(9))
      .then({ type: 'SecurityKeyCountWentBack', data: { key: 'k', name: 'blue', known: 10, found: 9 } });
    given(...withKey)
      .when(report(11))
      .thenNothing();
    given(...withKey, signed(use(20)))
      .when(sign(use(15)))
      .thenRefused('security-key-count');
  });
  it('of a key that does not count says 0 each time', () => {
    const silent = [...history, offered('blue'), enrolled('k', 'blue', 0)];
    given(...silent, signed(use(0, { challenge: 'first' })))
      .when(sign(use(0)))
      .then(signed(use(0)));
  });
});

it('R23: a reset names the keys that are void with it', () => {
  const [requestedBy, confirmer] = [{ id: 'id-of-Ada', name: 'Ada' }, byPerson('Bea', ['admin'])];
  const requested: PersonEvent = {
    type: 'ResetRequested',
    data: { request: 'request-1', requestedBy, expiresAt: after(60) },
  };
  const credential = { ...secret, id: 'anew', expiresAt: after(60) };
  const confirm = { type: 'ConfirmReset', person: 'id-of-Ben', request: 'request-1', credential } as const;
  const state = fold(person, [...withKey, requested]);
  const events = person.decide({ ...confirm, requesterIsAdmin: true, context: confirmer }, state);
  expect(events).toMatchObject([{ type: 'PersonReset', data: { old: ['password', 'k'] } }]);
});
