import { describe, it } from 'vitest';
import type { LinkedAccounts } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { training } from '../training/training.js';
import type { PersonCommand } from './commands.js';
import type { EnrolmentSecret, PersonEvent } from './events.js';
import { person } from './person.js';

/** Ben's record, and an admin who has two accounts: Ada, and Bea. */

const { given } = specify(person);

const same = (one: string, other: string): LinkedAccounts => new Map([[`id-of-${one}`, `id-of-${other}`]]);
const beaIsAda = same('Bea', 'Ada');
const beaIsBen = same('Bea', 'Ben');
const adaIsBen = same('Ada', 'Ben');

const ADA = { id: 'id-of-Ada', name: 'Ada' };
const { at } = byPerson('Ada', ['admin']);
const expiresAt = '2026-11-29T12:48:14.123Z';
const secret: EnrolmentSecret = {
  kind: 'enrolment-secret',
  id: 'secret',
  verifierDigest: 'a'.repeat(64),
  expiresAt,
};
const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: { login: 'ben', name: 'Ben', firstAdmin: false, credential: secret },
};
const requested: PersonEvent = {
  type: 'RoleRequested',
  data: { role: 'approver', requestedBy: ADA, expiresAt },
};
const resetRequested: PersonEvent = {
  type: 'ResetRequested',
  data: { request: 'reset-1', requestedBy: ADA, expiresAt },
};
const recoveryRequested: PersonEvent = {
  type: 'AdminRecoveryRequested',
  data: {
    request: 'recovery-1',
    requestedBy: ADA,
    host: { name: 'plant-1', account: 'root', proof: 'proof-1' },
    at,
    notBefore: at,
    expiresAt,
  },
};
const signing: PersonEvent[] = [
  enrolled,
  {
    type: 'PasswordSet',
    data: { credential: { id: 'password', verifierDigest: 'b'.repeat(64) }, enrolment: 'secret', at },
  },
  { type: 'SignedIn', data: { session: 'session-1', expiresAt: '2026-11-22T20:48:14.123Z' } },
];
const identity = { issuer: 'https://sso.site.example', claim: 'sub', subject: 'ben' } as const;
const signOnRequested: PersonEvent = {
  type: 'SingleSignOnRequested',
  data: { ...identity, requestedBy: ADA, expiresAt },
};

const by = (name: string, role: string, linked: LinkedAccounts) => ({
  ...byPerson(name, [role], { auth: 'password' }),
  linked,
});
const about = 'id-of-Ben';
const admin = { otherAdmins: 5, person: about } as const;
const confirm = { person: about, requesterIsAdmin: true } as const;

describe('R27, R23: with another account', () => {
  it.each<[string, PersonCommand]>([
    [
      'is given no role',
      {
        type: 'GrantRole',
        person: about,
        role: 'author',
        rings: null,
        context: by('Bea', 'admin', beaIsBen),
      },
    ],
    ['is not disabled', { type: 'DisablePerson', ...admin, context: by('Bea', 'admin', beaIsBen) }],
    [
      'loses no role',
      {
        type: 'RevokeRole',
        ...admin,
        role: 'author',
        rings: null,
        context: by('Bea', 'admin', beaIsBen),
      },
    ],
    [
      'is not to be reset',
      { type: 'RequestReset', person: about, request: 'reset-1', context: by('Bea', 'admin', beaIsBen) },
    ],
    [
      'is not to be recovered',
      {
        type: 'RequestAdminRecovery',
        person: about,
        login: 'ben',
        name: null,
        verification: null,
        host: { name: 'plant-1', account: 'root', proof: 'proof-1' },
        request: 'recovery-1',
        credential: secret,
        adminsWhoAct: 0,
        context: by('Bea', 'operator', beaIsBen),
      },
    ],
    [
      'is not to be bound to an identity provider',
      {
        type: 'RequestSingleSignOn',
        person: about,
        ...identity,
        context: by('Bea', 'admin', beaIsBen),
      },
    ],
  ])('nobody changes their own rights: who has the account %s', (_what, command) =>
    given(...signing)
      .when(command)
      .thenRefused('own-rights'),
  );

  const confirmRole: PersonCommand = {
    type: 'ConfirmRole',
    ...confirm,
    role: 'approver',
    rings: null,
    context: by('Bea', 'admin', beaIsAda),
  };
  const confirmReset: PersonCommand = {
    type: 'ConfirmReset',
    ...confirm,
    request: 'reset-1',
    credential: secret,
    context: by('Bea', 'qa', beaIsAda),
  };
  const confirmRecovery: PersonCommand = {
    type: 'ConfirmAdminRecovery',
    person: about,
    request: 'recovery-1',
    credential: secret,
    requesterIsActive: true,
    adminsWhoAct: 0,
    context: by('Bea', 'qa', beaIsAda),
  };
  const bind: PersonCommand = {
    type: 'BindSingleSignOn',
    session: 'session-1',
    identity,
    use: { credential: 'binding-1', nonce: 'n', authTime: at, expiresAt },
    requesterIsAdmin: true,
    context: by('Ben', 'author', adaIsBen),
  };
  it.each<[string, readonly PersonEvent[], PersonCommand]>([
    ['a role', [enrolled, requested], confirmRole],
    ['a reset', [enrolled, resetRequested], confirmReset],
    ['a recovery', [enrolled, recoveryRequested], confirmRecovery],
    ['single sign-on', [...signing, signOnRequested], bind],
  ])('nobody is the second person of what they asked for: %s', (_what, history, command) =>
    given(...history)
      .when(command)
      .thenRefused('second-person-required'),
  );

  it.each<[string, readonly PersonEvent[], PersonCommand]>([
    ['a role', [enrolled, requested], confirmRole],
    ['a reset', [enrolled, resetRequested], confirmReset],
    ['a recovery', [enrolled, recoveryRequested], confirmRecovery],
  ])('what was found to be asked for oneself is confirmed by nobody: %s', (_what, history, command) =>
    given(...history)
      .when({ ...command, context: { ...command.context, linked: adaIsBen } })
      .thenRefused('own-rights'),
  );

  it('nobody says of themself that they are trained', () =>
    specify(training)
      .given()
      .when({
        type: 'RecordTraining',
        person: about,
        role: 'qa',
        document: 'SOP-7',
        version: '3',
        until: expiresAt,
        context: by('Bea', 'admin', beaIsBen),
      })
      .thenRefused('own-rights'));
});
