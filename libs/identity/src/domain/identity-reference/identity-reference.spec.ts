import { describe, expect, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { ReferenceDigests } from '../../identity-references/reference-digests.js';
import { identityReference, type IdentityReferenceEvent } from './identity-reference.js';

const { given } = specify(identityReference);

const reference = 'd'.repeat(64);
const claim = { reference, person: 'id-of-Ann', givenUpBy: null, context: byPerson('Ada', ['admin']) };
const byAna: IdentityReferenceEvent = {
  type: 'IdentityReferenceClaimed',
  data: { reference, person: 'id-of-Ana' },
};
const byAnn: IdentityReferenceEvent = {
  type: 'IdentityReferenceClaimed',
  data: { reference, person: 'id-of-Ann' },
};
const contested: IdentityReferenceEvent = {
  type: 'IdentityReferenceContested',
  data: { reference, person: 'id-of-Ann', holder: 'id-of-Ana' },
};

describe('R20, R27: an identity reference', () => {
  it('is one account’s; another one that was to get it is on record, once', () => {
    given().when(claim).then(byAnn);
    given(byAnn).when(claim).thenNothing();
    given(byAna).when(claim).then(contested);
    given(byAna, contested).when(claim).thenNothing();
  });

  it('goes on to another account where who has it gave it up, and nobody else has taken it meanwhile', () => {
    given(byAna)
      .when({ ...claim, givenUpBy: 'id-of-Ana' })
      .then(byAnn);
    given(byAna)
      .when({ ...claim, givenUpBy: 'id-of-Cyd' })
      .then(contested);
  });

  const digests = new ReferenceDigests(Buffer.alloc(32, 1));
  it.each(['E-4711', ' e-4711', 'E-47 11', 'E-４７１１'])('is the same as E-4711, typed as %j', (typed) =>
    expect(digests.of(typed)).toBe(digests.of('E-4711')),
  );
  it('is another where the number is, or the site', () => {
    expect(digests.of('E-4711')).not.toBe(digests.of('E-4712'));
    expect(digests.of('E-4711')).not.toBe(new ReferenceDigests(Buffer.alloc(32, 2)).of('E-4711'));
  });
  it.each(['', ' ', '\t', 'a\u0000b', '\ud800', 'x'.repeat(101)])('is not %j', (typed) =>
    expect(() => digests.of(typed)).toThrow(expect.objectContaining({ code: 'invalid-identity-reference' })),
  );
});
