import { expect, it } from 'vitest';
import type { EventEnvelope, JsonValue } from '#kernel';
import { NewestCredentials } from './newest-credentials.js';

function event(stream: string, type: string, data: JsonValue): EventEnvelope {
  return {
    id: '01935c1e-0000-7000-8000-000000000001',
    type,
    v: 1,
    stream,
    streamRevision: '0',
    part: [1, 1],
    at: '2026-11-22T12:48:14.123Z',
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'host', for: stream },
    authorisedBy: [],
    reason: { code: 'test', text: 'a test' },
    cause: 'c',
    correlation: 'r',
    data,
  };
}

it('are those of the last event of each person that names one', () => {
  const newest = new NewestCredentials();
  const secret = (id: string) => ({ id, verifierDigest: '', kind: 'enrolment-secret', expiresAt: '' });
  newest.take(event('person/ana', 'PersonEnrolled', { credential: secret('a1') }));
  newest.take(event('person/ben', 'PersonEnrolled', { credential: secret('b1') }));
  newest.take(event('person/ana', 'EnrolmentRenewed', { old: 'a1', credential: secret('a2') }));
  newest.take(
    event('person/ana', 'PasswordSet', { credential: { id: 'a3', verifierDigest: '' }, enrolment: 'a2' }),
  );
  newest.take(event('person/ana', 'SignedIn', { session: 's', expiresAt: '' }));
  const totp = (id: string) => ({ id, verifierDigest: '', kind: 'totp' });
  newest.take(event('person/ana', 'SecondFactorOffered', { credential: totp('a4'), expiresAt: '' }));
  newest.take(
    event('person/ana', 'SecondFactorEnrolled', { credential: 'a4', step: 1, old: null, session: 's' }),
  );
  newest.take(
    event('person/ben', 'SecondFactorEnrolled', { credential: 'b2', step: 1, old: null, session: 's' }),
  );
  newest.take(event('person/ben', 'SecondFactorRemoved', { credential: 'b2' }));
  newest.take(event('person/ben', 'SecondFactorOffered', { credential: totp('b3'), expiresAt: '' }));
  newest.take(
    event('person/ana', 'CredentialTamperingFound', { credential: 'a9', expected: '', found: null }),
  );
  newest.take(event('change-request/CR-2026-0001', 'PasswordSet', { credential: { id: 'no' } }));
  expect(newest.entries()).toEqual([
    ['ana', 'a3'],
    ['ana', 'a4'],
    ['ben', 'b1'],
  ]);
});
