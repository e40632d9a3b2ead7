import { expect, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { digestOfIdentity, signOnIdentity, type SignOnIdentityEvent } from './sign-on-identity.js';

const { given } = specify(signOnIdentity);

const identity = 'a'.repeat(64);
const claim = (person: string) => ({ identity, person, context: byPerson(person, []) });
const claimed: SignOnIdentityEvent = { type: 'SingleSignOnClaimed', data: { identity, person: 'ben' } };
const contested: SignOnIdentityEvent = {
  type: 'SingleSignOnClaimContested',
  data: { identity, person: 'eva', holder: 'ben' },
};

it('R20: whom a provider knows is one person for good, who may claim it again', () => {
  given().when(claim('ben')).then(claimed);
  given(claimed).when(claim('ben')).thenNothing();
});
it('R20: whom somebody else claims stays who it is, and that is recorded once', () => {
  given(claimed).when(claim('eva')).then(contested);
  given(claimed, contested).when(claim('eva')).thenNothing();
  given(claimed, contested).when(claim('ben')).thenNothing();
});
it('R20: is told by issuer, claim and subject together', () => {
  const one = { issuer: 'https://a.example', claim: 'sub', subject: 'b' };
  const others = [
    { ...one, issuer: 'https://a.example/b' },
    { ...one, claim: 'oid' },
    { ...one, subject: 'B' },
  ];
  expect(new Set([one, ...others].map(digestOfIdentity)).size).toBe(4);
});
