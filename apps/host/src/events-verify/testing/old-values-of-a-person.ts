import type { PersonEvent, SecurityKey } from '#identity/domain/person/events';

export const at = '2026-11-22T12:48:14.123Z';
export const later = '2026-12-22T12:48:14.123Z';
export const digest = 'a'.repeat(64);

const secret = (id: string) =>
  ({ kind: 'enrolment-secret', id, verifierDigest: digest, expiresAt: later }) as const;
export const asked = { requestedBy: { id: 'id-of-Eve', name: 'Eve' }, expiresAt: later };
const identity = { issuer: 'https://id.example', claim: 'sub', subject: 'ana' };
const use = { credential: 'binding-1', nonce: 'n', authTime: at, expiresAt: later };
const key: SecurityKey = {
  id: 'key-1',
  name: 'blue',
  credentialId: 'Y3JlZA',
  publicKey: 'cHVi',
  algorithm: -7,
  signCount: 4,
  transports: ['usb'],
  aaguid: '00000000-0000-0000-0000-000000000000',
  backupEligible: false,
};

/** All that a person's history can say of what was before. */
export const OF_A_PERSON: readonly PersonEvent[] = [
  {
    type: 'PersonEnrolled',
    data: { login: 'ana', name: 'Ana', firstAdmin: false, credential: secret('s-1') },
  },
  { type: 'RoleGranted', data: { role: 'author', old: [], new: ['author'] } },
  { type: 'RoleGranted', data: { role: 'approver', old: ['author'], new: ['author', 'approver'] } },
  { type: 'RoleRevoked', data: { role: 'approver', old: ['author', 'approver'], new: ['author'] } },
  { type: 'EnrolmentRenewed', data: { old: 's-1', credential: secret('s-2') } },
  {
    type: 'PasswordSet',
    data: { credential: { id: 'p-1', verifierDigest: digest }, enrolment: 's-2', at },
  },
  {
    type: 'IdentityReferenceRecorded',
    data: { reference: digest, old: null, requestedBy: asked.requestedBy },
  },
  { type: 'SignedIn', data: { session: 'one', expiresAt: later } },
  { type: 'PasswordChanged', data: { credential: { id: 'p-2', verifierDigest: digest }, old: 'p-1', at } },
  {
    type: 'SecondFactorOffered',
    data: { credential: { kind: 'totp', id: 't-1', verifierDigest: digest }, expiresAt: later },
  },
  { type: 'SecondFactorEnrolled', data: { credential: 't-1', step: 1, old: null, session: 'one' } },
  { type: 'CredentialTamperingFound', data: { credential: 't-1', expected: digest, found: null } },
  { type: 'SecondFactorRemoved', data: { credential: 't-1' } },
  {
    type: 'SecurityKeyOffered',
    data: { name: 'blue', challengeDigest: digest, session: 'one', expiresAt: later },
  },
  { type: 'SecurityKeyEnrolled', data: { key, challengeDigest: digest, session: 'one' } },
  { type: 'SecurityKeyCountWentBack', data: { key: 'key-1', name: 'blue', known: 4, found: 2 } },
  { type: 'SecurityKeyRemoved', data: { key: 'key-1', name: 'blue', session: 'one' } },
  { type: 'SingleSignOnRequested', data: { ...identity, ...asked } },
  {
    type: 'SingleSignOnBound',
    data: { ...identity, use, old: null, requestedBy: asked.requestedBy, session: 'one' },
  },
  { type: 'SingleSignOnRemoved', data: { ...identity, credential: 'binding-1' } },
  {
    type: 'PersonReset',
    data: {
      request: 'r-1',
      requestedBy: asked.requestedBy,
      confirmedBy: { id: 'id-of-Cyd', name: 'Cyd' },
      old: ['p-2'],
      credential: secret('s-3'),
    },
  },
  { type: 'PersonDisabled', data: { roles: ['author'] } },
];
