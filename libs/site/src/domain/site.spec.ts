import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { site, type FoundSite, type SiteIdentity } from './site.js';

const identity: SiteIdentity = {
  origin: 'site.example',
  ledgerKey: 'site.example+1+A',
  policyKey: 'site.example/policy+2+B',
};
const founded = { type: 'SiteFounded', data: identity } as const;
const { given } = specify(site);

function found(changes: Partial<SiteIdentity> = {}): FoundSite {
  return { type: 'FoundSite', context: byWorker('site'), identity: { ...identity, ...changes } };
}

describe('a site', () => {
  it('is founded with its name and its public keys', () => given().when(found()).then(founded));

  it('is founded once', () => given(founded).when(found()).thenNothing());

  it('is the same after commissioning was closed', () =>
    given(founded, { type: 'CommissioningClosed', data: {} }).when(found()).thenNothing());

  it.each([
    { origin: 'other.example' },
    { ledgerKey: 'site.example+3+C' },
    { policyKey: 'site.example/policy+4+D' },
  ])('is not taken over by another home: %j', (change) =>
    given(founded).when(found(change)).thenRefused('founded-otherwise'),
  );
});
