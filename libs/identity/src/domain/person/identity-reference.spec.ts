import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import type { PersonCommand } from './commands.js';
import type { EnrolmentSecret, PersonEvent } from './events.js';
import { person } from './person.js';

const { given } = specify(person);

const ada = byPerson('Ada', ['admin']);
const bea = byPerson('Bea', ['admin']);
const ADA = { id: 'id-of-Ada', name: 'Ada' };
const reference = 'd'.repeat(64);
const expiresAt = '2026-11-29T12:48:14.123Z';
const credential: EnrolmentSecret = {
  kind: 'enrolment-secret',
  id: 'secret',
  verifierDigest: 'a'.repeat(64),
  expiresAt,
};
const verification = 'badge 1234 seen by A. Meier';
const named = { login: 'ben', name: 'Ben', firstAdmin: false, verification } as const;
const enrolled: PersonEvent = { type: 'PersonEnrolled', data: { ...named, credential } };
const enrol = {
  type: 'EnrolPerson',
  person: 'id-of-Ben',
  ...named,
  roles: [],
  credential,
  request: 'request-0',
  context: ada,
} as const satisfies PersonCommand;
const request = {
  type: 'RequestIdentityReference',
  person: 'id-of-Ben',
  reference,
  context: ada,
} as const satisfies PersonCommand;
const confirm = {
  ...request,
  type: 'ConfirmIdentityReference',
  requesterIsAdmin: true,
  context: bea,
} as const satisfies PersonCommand;
const requested: PersonEvent = {
  type: 'IdentityReferenceRequested',
  data: { reference, requestedBy: ADA, expiresAt },
};
const recorded: PersonEvent = {
  type: 'IdentityReferenceRecorded',
  data: { reference, old: null, requestedBy: ADA },
};

describe('R20, R27: by what the site knows a human', () => {
  it('is said at enrolment, always where the site asks for it', () => {
    given()
      .when({ ...enrol, identityReference: reference })
      .then({ type: 'PersonEnrolled', data: { ...named, identityReference: reference, credential } });
    given()
      .when({ ...enrol, identityReferenceRule: 'required' })
      .thenRefused('identity-reference-required');
    given()
      .when({ ...enrol, identityReferenceRule: 'required', firstAdmin: true })
      .then({ type: 'PersonEnrolled', data: { ...named, firstAdmin: true, credential } });
  });

  it('is said by two of who is enrolled, and says what it corrects', () => {
    given(enrolled).when(request).then(requested);
    given(enrolled, requested).when(confirm).then(recorded);
    given(enrolled, requested, recorded)
      .when({ ...request, reference: 'e'.repeat(64) })
      .then({ ...requested, data: { ...requested.data, reference: 'e'.repeat(64) } });
    const old = { ...recorded, data: { ...recorded.data, reference: 'e'.repeat(64) } };
    given(enrolled, old, requested)
      .when({ ...confirm, context: byPerson('Quinn', ['qa']) })
      .then({ ...recorded, data: { ...recorded.data, old: 'e'.repeat(64) } });
  });

  it('is recorded at once by one while the site is set up', () =>
    given(enrolled)
      .when({ ...request, context: byPerson('Ada', ['admin'], { auth: 'commissioning' }) })
      .then(recorded));

  it.each<[string, readonly PersonEvent[], PersonCommand, string]>([
    ['by who is no admin', [], { ...request, context: byPerson('Quinn', ['qa']) }, 'not-an-admin'],
    ['of oneself', [], { ...request, context: byPerson('Ben', ['admin']) }, 'own-rights'],
    ['by who asked', [requested], { ...confirm, context: ada }, 'second-person-required'],
    [
      'by another account of who asked',
      [requested],
      { ...confirm, context: { ...bea, linked: new Map([['id-of-Bea', 'id-of-Ada']]) } },
      'second-person-required',
    ],
    ['unasked', [], confirm, 'identity-reference-not-requested'],
    [
      'as another one than was asked for',
      [requested],
      { ...confirm, reference: 'e'.repeat(64) },
      'identity-reference-not-requested',
    ],
    [
      'after a week',
      [requested],
      { ...confirm, context: { ...bea, at: expiresAt } },
      'identity-reference-not-requested',
    ],
    ['twice', [requested, recorded], request, 'identity-reference-held'],
  ])('is not said %s', (_how, history, command, code) =>
    given(enrolled, ...history)
      .when(command)
      .thenRefused(code),
  );
});
