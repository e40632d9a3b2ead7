import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import type { PersonCommand } from './commands.js';
import type { PersonEvent } from './events.js';
import { person } from './person.js';

const { given } = specify(person);

const ada = byPerson('Ada', ['admin']);
const secret = {
  kind: 'enrolment-secret',
  id: 's',
  verifierDigest: 'a'.repeat(64),
  expiresAt: ada.at,
} as const;
const enrolled: PersonEvent[] = [
  { type: 'PersonEnrolled', data: { login: 'ben', name: 'Ben', firstAdmin: false, credential: secret } },
  { type: 'RoleGranted', data: { role: 'admin', old: [], new: ['admin'] } },
];
const admin: PersonEvent[] = [
  ...enrolled,
  { type: 'PasswordSet', data: { credential: { id: 'p', verifierDigest: 'b'.repeat(64) }, enrolment: 's' } },
];
const disable: PersonCommand = { type: 'DisablePerson', person: 'id-of-Ben', otherAdmins: 1, context: ada };
const revoke: PersonCommand = { ...disable, type: 'RevokeRole', role: 'admin', rings: null };

describe('R28: the last but one admin', () => {
  it('stays: neither disabled nor without the role', () => {
    given(...admin)
      .when(disable)
      .thenRefused('too-few-admins');
    given(...admin)
      .when(revoke)
      .thenRefused('too-few-admins');
  });

  it('goes once there is another one', () => {
    given(...admin)
      .when({ ...disable, otherAdmins: 2 })
      .then({ type: 'PersonDisabled', data: { roles: ['admin'] } });
    given(...admin)
      .when({ ...revoke, otherAdmins: 2 })
      .then({ type: 'RoleRevoked', data: { role: 'admin', old: ['admin'], new: [] } });
  });

  it('is no admin yet without a password', () =>
    given(...enrolled)
      .when(disable)
      .then({ type: 'PersonDisabled', data: { roles: ['admin'] } }));

  it('may go while the site is set up, and loses another role at any time', () => {
    given(...admin)
      .when({ ...disable, context: byPerson('Ada', ['admin'], { auth: 'commissioning' }) })
      .then({ type: 'PersonDisabled', data: { roles: ['admin'] } });
    given(...admin, {
      type: 'RoleGranted',
      data: { role: 'auditor', old: ['admin'], new: ['admin', 'auditor'] },
    })
      .when({ ...revoke, role: 'auditor' })
      .then({ type: 'RoleRevoked', data: { role: 'auditor', old: ['admin', 'auditor'], new: ['admin'] } });
  });
});
