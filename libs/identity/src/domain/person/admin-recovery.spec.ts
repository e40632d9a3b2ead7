import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { hasActedAsAdmin } from './admin-recovery.js';
import type { ConfirmAdminRecovery, RequestAdminRecovery } from './commands.js';
import type { EnrolmentSecret, PersonEvent } from './events.js';
import { person } from './person.js';
import { rolesNow } from './roles-now.js';

const { given } = specify(person);

const oli = byPerson('Oli', ['operator']);
const quinn = byPerson('Quinn', ['qa']);
const later = (context: typeof oli, hours: number) => {
  return { ...context, at: new Date(Date.parse(oli.at) + hours * 3_600_000).toISOString() };
};

const secret = (id: string): EnrolmentSecret => {
  return {
    kind: 'enrolment-secret',
    id,
    verifierDigest: 'a'.repeat(64),
    expiresAt: '2026-11-29T12:48:14.123Z',
  };
};
const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: {
    login: 'ada',
    name: 'Ada',
    firstAdmin: false,
    verification: 'badge 12 seen by A. Meier',
    credential: secret('s'),
  },
};
const admin: PersonEvent = { type: 'RoleGranted', data: { role: 'admin', old: [], new: ['admin'] } };
const operator: PersonEvent = {
  type: 'RoleGranted',
  data: { role: 'operator', old: [], new: ['operator'] },
};
const passwordSet: PersonEvent = {
  type: 'PasswordSet',
  data: { credential: { id: 'password', verifierDigest: 'b'.repeat(64) }, enrolment: 's', at: oli.at },
};
const host = { name: 'plant-1', account: 'root, by sudo of oli', proof: 'proof-1' };
const OLI = { id: 'id-of-Oli', name: 'Oli' };
const QUINN = { id: 'id-of-Quinn', name: 'Quinn' };

const request: RequestAdminRecovery = {
  type: 'RequestAdminRecovery',
  person: 'id-of-Ada',
  login: 'ada',
  name: null,
  verification: null,
  host,
  request: 'request-1',
  credential: secret('nobody-is-told'),
  adminsWhoAct: 0,
  context: oli,
};
const requested: PersonEvent = {
  type: 'AdminRecoveryRequested',
  data: {
    request: 'request-1',
    requestedBy: OLI,
    host,
    at: oli.at,
    notBefore: later(oli, 24).at,
    expiresAt: later(oli, 7 * 24).at,
  },
};
const confirm: ConfirmAdminRecovery = {
  type: 'ConfirmAdminRecovery',
  person: 'id-of-Ada',
  request: 'request-1',
  credential: secret('of-two'),
  requesterIsActive: true,
  adminsWhoAct: 0,
  context: later(quinn, 24),
};
const by = { request: 'request-1', requestedBy: OLI, confirmedBy: QUINN };
const recovered: PersonEvent = { type: 'AdminRecovered', data: { ...by, host } };
const reset: PersonEvent = {
  type: 'PersonReset',
  data: { ...by, old: ['password'], credential: secret('of-two') },
};
const ada = [enrolled, admin, passwordSet];

describe('asking on the host for an admin back', () => {
  it('R23: says who asked, on which host, and until when admins have time to object', () =>
    given(...ada)
      .when(request)
      .then(requested));

  it('R23: is refused while two admins can act', () => {
    given(...ada)
      .when({ ...request, adminsWhoAct: 1 })
      .then(requested);
    given(...ada)
      .when({ ...request, adminsWhoAct: 2 })
      .thenRefused('admins-can-act');
  });

  it('R23: is nobody’s for themself, and no token’s', () => {
    given(...ada)
      .when({ ...request, context: byPerson('Ada', ['admin']) })
      .thenRefused('own-rights');
    const actor = { kind: 'service', id: 'host', for: 'commissioning' } as const;
    given(...ada)
      .when({ ...request, context: { ...oli, actor } })
      .thenRefused('not-signed-in');
  });

  it('R21: enrols somebody new where it is said who made sure of them', () => {
    const newcomer = { ...request, name: 'Ada', verification: 'badge 12 seen by A. Meier' };
    const { data } = enrolled;
    given()
      .when(newcomer)
      .then({ type: 'PersonEnrolled', data: { ...data, credential: request.credential } }, requested);
    given().when(request).thenRefused('verification-required');
    given()
      .when({ ...newcomer, verification: 'seen it' })
      .thenRefused('verification-required');
    given()
      .when({ ...newcomer, name: ' ' })
      .thenRefused('verification-required');
  });

  it('R05: is not for who signs, nor for the disabled', () => {
    const approver: PersonEvent = {
      type: 'RoleGranted',
      data: { role: 'approver', old: [], new: ['approver'] },
    };
    given(enrolled, approver, passwordSet).when(request).thenRefused('roles-exclude-each-other');
    given(...ada, { type: 'PersonDisabled', data: { roles: ['admin'] } })
      .when(request)
      .thenRefused('person-disabled');
  });
});

describe('confirming it', () => {
  it('R23: takes another person who signs, and voids what there was', () => {
    given(...ada, requested)
      .when(confirm)
      .then(recovered, reset);
    const approver = later(byPerson('Quinn', ['approver']), 25);
    given(...ada, requested)
      .when({ ...confirm, context: approver })
      .then(recovered, reset);
  });

  it('R23: makes an admin of who was none', () => {
    const anAdmin: PersonEvent = {
      type: 'RoleGranted',
      data: { role: 'admin', old: ['operator'], new: ['operator', 'admin'], requestedBy: OLI },
    };
    const all = [recovered, reset, anAdmin];
    given(enrolled, operator, passwordSet, requested)
      .when(confirm)
      .then(...all);
  });

  it('R23: is refused to who asked, to whom it is about, and to who does not sign', () => {
    const refusedTo = (context: typeof oli, code: string) =>
      given(...ada, requested)
        .when({ ...confirm, context: later(context, 24) })
        .thenRefused(code);
    refusedTo(byPerson('Oli', ['operator', 'qa']), 'second-person-required');
    refusedTo(byPerson('Ada', ['qa']), 'own-rights');
    refusedTo(byPerson('Pat', ['operator', 'admin']), 'not-a-signer');
    refusedTo(byPerson('Pat', ['qa@pilot']), 'not-a-signer');
    given(...ada, requested)
      .when({ ...confirm, requesterIsActive: false })
      .thenRefused('second-person-required');
  });

  it('R23: waits a day for admins who can act, and is refused when two have', () => {
    given(...ada, requested)
      .when({ ...confirm, context: later(quinn, 23.99) })
      .thenRefused('recovery-waits');
    given(...ada, requested)
      .when({ ...confirm, adminsWhoAct: 2 })
      .thenRefused('admins-can-act');
  });

  it('R23: is for what was asked for, once, within a week', () => {
    given(...ada)
      .when(confirm)
      .thenRefused('no-recovery-requested');
    given(...ada, requested)
      .when({ ...confirm, request: 'another' })
      .thenRefused('no-recovery-requested');
    given(...ada, requested)
      .when({ ...confirm, context: later(quinn, 7 * 24) })
      .thenRefused('no-recovery-requested');
    given(...ada, requested, recovered, reset)
      .when(confirm)
      .thenRefused('no-recovery-requested');
  });
});

describe('an admin who was recovered', () => {
  const signedIn = (at: string): PersonEvent => {
    const expiresAt = new Date(Date.parse(at) + 8 * 3_600_000).toISOString();
    return { type: 'SignedIn', data: { session: 'session-1', expiresAt } };
  };
  const anew: PersonEvent = { ...passwordSet, data: { ...passwordSet.data, enrolment: 'of-two' } };
  const back = [...ada, requested, recovered, reset, anew, signedIn(later(oli, 25).at)];
  const app = { kind: 'totp', id: 'app', verifierDigest: 'c'.repeat(64) } as const;
  const offered: PersonEvent = {
    type: 'SecondFactorOffered',
    data: { credential: app, expiresAt: later(oli, 26).at },
  };
  const withApp: PersonEvent = {
    type: 'SecondFactorEnrolled',
    data: { credential: 'app', step: 1, old: null, session: 'session-1' },
  };
  const gone: PersonEvent = { type: 'SecondFactorRemoved', data: { credential: 'app' } };

  it('R23: has no role without a second component, enrolled anew', () => {
    expect(rolesNow(fold(person, ada))).toEqual(['admin']);
    expect(rolesNow(fold(person, back))).toEqual([]);
    expect(rolesNow(fold(person, [...back, offered, withApp]))).toEqual(['admin']);
    expect(rolesNow(fold(person, [...back, offered, withApp, gone]))).toEqual([]);
  });

  it('counts among those who can act as long as a session that began last would be open', () => {
    const state = fold(person, [...ada, signedIn(oli.at)]);
    expect(hasActedAsAdmin(state, later(oli, 7.99).at)).toBe(true);
    expect(hasActedAsAdmin(state, later(oli, 8).at)).toBe(false);
    expect(hasActedAsAdmin(fold(person, ada), oli.at)).toBe(false);
    expect(hasActedAsAdmin(fold(person, [enrolled, operator, passwordSet, signedIn(oli.at)]), oli.at)).toBe(
      false,
    );
    expect(hasActedAsAdmin(fold(person, back), oli.at)).toBe(false);
    expect(hasActedAsAdmin(fold(person, [...back, offered, withApp]), oli.at)).toBe(true);
  });
});
