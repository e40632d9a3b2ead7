import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '../../domain/person/events.js';
import { PeopleChanges, type PersonRow } from './people-changes.js';

const credential = {
  kind: 'enrolment-secret',
  id: 's',
  verifierDigest: 'a'.repeat(64),
  expiresAt: '',
} as const;
const enrolled: PersonEvent = {
  type: 'PersonEnrolled',
  data: { login: 'ben', name: 'Ben', firstAdmin: false, credential },
};
const identity = { issuer: 'https://id.example', claim: 'sub', subject: 'b-4711' };
const use = { credential: 'c', nonce: 'n', authTime: '', expiresAt: '' };
const requestedBy = { id: 'ada', name: 'Ada' };
const bound: PersonEvent = {
  type: 'SingleSignOnBound',
  data: { ...identity, use, old: null, requestedBy, session: 's' },
};
const signedIn = { session: 's', expiresAt: '' };
const withSignOn: PersonEvent = { type: 'SignedIn', data: { ...signedIn, singleSignOn: use } };
const withPassword: PersonEvent = { type: 'SignedIn', data: signedIn };
const signed: PersonEvent = {
  type: 'PersonReauthenticated',
  data: { session: 's', for: 'signature', at: '', singleSignOn: use },
};
const AT = { position: '1', at: '2026-11-24T08:00:00.000Z' };
const LATER = { position: '2', at: '2026-11-25T09:00:00.000Z' };

/** Ben's row after these, and then one more. */
function row(events: readonly PersonEvent[], last?: PersonEvent): PersonRow | undefined {
  const changes = new PeopleChanges([]);
  for (const event of [enrolled, ...events]) changes.take('ben', event, AT);
  if (last) changes.take('ben', last, LATER);
  return changes.changed[0];
}

describe('R20: as whom the identity provider knows a person, and when that was used last', () => {
  it('is said from when they accepted it', () => {
    expect(row([])).toMatchObject({ sign_on: null, sign_on_used_at: null });
    expect(row([], bound)).toMatchObject({ sign_on: identity, sign_on_used_at: LATER.at });
  });

  it.each([withSignOn, signed])('moves with each use: $type', (used) =>
    expect(row([bound], used)).toMatchObject({ sign_on: identity, sign_on_used_at: LATER.at }),
  );

  it('does not move with a password', () =>
    expect(row([bound], withPassword)).toMatchObject({ sign_on_used_at: AT.at }));

  const gone: readonly PersonEvent[] = [
    { type: 'SingleSignOnRemoved', data: { ...identity, credential: 'c' } },
    {
      type: 'PersonReset',
      data: { request: 'r', requestedBy, confirmedBy: requestedBy, old: [], credential },
    },
  ];
  it.each(gone)('is gone after $type', (event) =>
    expect(row([bound], event)).toMatchObject({ sign_on: null, sign_on_used_at: null }),
  );
});
