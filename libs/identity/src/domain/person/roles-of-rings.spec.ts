import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { HeldRole } from '../roles.js';
import type { PersonCommand } from './commands.js';
import type { PersonEvent } from './events.js';
import { person } from './person.js';

const { given } = specify(person);

const ada = byPerson('Ada', ['admin'], { auth: 'commissioning' });
const ADA = { id: 'id-of-Ada', name: 'Ada' };
const secret = {
  kind: 'enrolment-secret',
  id: 'secret',
  verifierDigest: 'a'.repeat(64),
  expiresAt: '2026-11-29T12:48:14.123Z',
} as const;
const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: { login: 'ben', name: 'Ben', firstAdmin: false, credential: secret },
};
/** With a secret in two parts. */
const reset: PersonEvent = {
  type: 'PersonReset',
  data: { request: 'r', requestedBy: ADA, confirmedBy: ADA, old: ['secret'], credential: secret },
};
const holding = (...roles: HeldRole[]): PersonEvent[] => [
  enrolled,
  ...roles.map((role, i): PersonEvent => {
    return { type: 'RoleGranted', data: { role, old: roles.slice(0, i), new: roles.slice(0, i + 1) } };
  }),
];
const change = { person: 'id-of-Ben', role: 'operator', rings: ['pilot'], context: ada } as const;
const grant = { type: 'GrantRole', ...change } as const satisfies PersonCommand;
const revoke = { type: 'RevokeRole', ...change, otherAdmins: 2 } as const satisfies PersonCommand;
const granted = (role: HeldRole, old: HeldRole[], now: HeldRole[]): PersonEvent => {
  return { type: 'RoleGranted', data: { role, old, new: now } };
};
const revoked = (role: HeldRole, old: HeldRole[], now: HeldRole[]): PersonEvent => {
  return { type: 'RoleRevoked', data: { role, old, new: now } };
};

describe('a role for named rings', () => {
  it('R28: is granted for each of them', () => {
    given(enrolled)
      .when(grant)
      .then(granted('operator@pilot', [], ['operator@pilot']));
    given(...holding('author'))
      .when({ ...grant, rings: ['validation', 'pilot'] })
      .then(
        granted('operator@pilot', ['author'], ['author', 'operator@pilot']),
        granted(
          'operator@validation',
          ['author', 'operator@pilot'],
          ['author', 'operator@pilot', 'operator@validation'],
        ),
      );
  });

  it('gives way to the role in every ring', () =>
    given(...holding('author@b', 'operator@a', 'operator@pilot'))
      .when({ ...grant, rings: null })
      .then(granted('operator', ['author@b', 'operator@a', 'operator@pilot'], ['author@b', 'operator'])));

  it.each([
    ['in the same ring', ['operator@pilot']],
    ['in every ring', ['operator']],
  ] satisfies [string, HeldRole[]][])('is not granted to who holds it %s', (_where, roles) =>
    given(...holding(...roles))
      .when({ ...grant, rings: ['other', 'pilot'] })
      .thenRefused('role-already-held'),
  );

  it.each(['admin', 'auditor'] as const)('R28: is never %s, which is of the site', (role) =>
    given(enrolled)
      .when({ ...grant, role })
      .thenRefused('invalid-role-scope'),
  );

  it.each([[[]], [['pilot', 'pilot']], [['Pilot']], [['*']], [['']]])('is not for %j', (rings) =>
    given(enrolled)
      .when({ ...grant, rings })
      .thenRefused('invalid-role-scope'),
  );

  it('is held in no more rings than fit into every event', () => {
    const rings = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `ring-${from + i}`);
    const held = holding(...rings(0, 15).map((ring): HeldRole => `operator@${ring}`));
    given(...held)
      .when({ ...grant, rings: rings(15, 6) })
      .thenRefused('invalid-role-scope');
  });

  it('excludes what the role does', () => {
    given(...holding('admin'))
      .when({ ...grant, role: 'approver' })
      .thenRefused('roles-exclude-each-other');
    given(...holding('qa@pilot'))
      .when({ ...grant, role: 'admin', rings: null })
      .thenRefused('roles-exclude-each-other');
  });

  it('is enrolled with', () =>
    given()
      .when({
        type: 'EnrolPerson',
        person: 'id-of-Ben',
        login: 'ben',
        name: 'Ben',
        roles: ['operator@b', 'operator@a'],
        firstAdmin: false,
        verification: null,
        credential: secret,
        request: 'request-1',
        context: ada,
      })
      .then(enrolled, ...holding('operator@a', 'operator@b').slice(1)));

  it('is revoked in the rings that are named', () =>
    given(...holding('operator@a', 'operator@b', 'operator@pilot'))
      .when({ ...revoke, rings: ['pilot', 'a'] })
      .then(
        revoked(
          'operator@a',
          ['operator@a', 'operator@b', 'operator@pilot'],
          ['operator@b', 'operator@pilot'],
        ),
        revoked('operator@pilot', ['operator@b', 'operator@pilot'], ['operator@b']),
      ));

  it('is revoked wherever it is held', () =>
    given(...holding('operator@a', 'operator@b', 'auditor'))
      .when({ ...revoke, rings: null })
      .then(revoked('operator', ['operator@a', 'operator@b', 'auditor'], ['auditor'])));

  it('is not revoked from who holds it in every ring, or elsewhere', () => {
    given(...holding('operator'))
      .when(revoke)
      .thenRefused('role-not-held');
    given(...holding('operator@a'))
      .when(revoke)
      .thenRefused('role-not-held');
    given(...holding('author'))
      .when({ ...revoke, rings: null })
      .thenRefused('role-not-held');
  });
});

describe('a signing role for named rings', () => {
  const inUse = byPerson('Ada', ['admin']);
  const expiresAt = '2026-11-29T12:48:14.123Z';
  const requested = (role: HeldRole): PersonEvent => {
    return { type: 'RoleRequested', data: { role, requestedBy: ADA, expiresAt } };
  };
  const confirm = {
    ...change,
    type: 'ConfirmRole',
    role: 'approver',
    requesterIsAdmin: true,
    context: byPerson('Bea', ['admin']),
  } as const satisfies PersonCommand;
  const asked = [enrolled, reset, requested('approver@a'), requested('approver@pilot')];

  it('R23: is asked for', () =>
    given(enrolled)
      .when({ ...grant, role: 'approver', rings: ['pilot', 'a'], context: inUse })
      .then(requested('approver@a'), requested('approver@pilot')));

  it('R23: is confirmed in the rings that were asked for, and in no other', () => {
    const by = { requestedBy: ADA };
    given(...asked)
      .when({ ...confirm, rings: ['pilot', 'a'] })
      .then(
        { type: 'RoleGranted', data: { role: 'approver@a', old: [], new: ['approver@a'], ...by } },
        {
          type: 'RoleGranted',
          data: { role: 'approver@pilot', old: ['approver@a'], new: ['approver@a', 'approver@pilot'], ...by },
        },
      );
    for (const rings of [null, ['b'], ['a', 'b']])
      given(...asked)
        .when({ ...confirm, rings })
        .thenRefused('role-not-requested');
  });

  it('is asked for no more once it is held in every ring', () => {
    const state = fold(person, [...asked, granted('approver', [], ['approver'])]);
    expect(state).toMatchObject({ roles: ['approver'], requestedRoles: new Map() });
  });

  it('R23: of one ring does not confirm what the site’s qa does', () =>
    given(enrolled, reset, requested('admin'))
      .when({ ...confirm, role: 'admin', rings: null, context: byPerson('Quinn', ['qa@pilot']) })
      .thenRefused('not-an-admin'));
});
