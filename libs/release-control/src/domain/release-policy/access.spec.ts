import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import type { Listing } from '../../access.js';
import type { AccessChange, ListingChange, ResolvedChange } from '../change-request/events.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);

const snap = { format: 'snap', subject: 'id-of-lab-tool', name: 'lab-tool' };
const gate: AccessChange = { kind: 'access', old: 'open', new: 'gated' };
const listing = (from: Listing | null, to: Listing | null): ListingChange => ({
  kind: 'listing',
  ...snap,
  old: from,
  new: to,
});
const apply = (changeRequest: string, ...changes: ResolvedChange[]): ApplyChange => ({
  type: 'ApplyChange',
  changeRequest,
  changes,
  context: byWorker(`change-request/${changeRequest}`),
});
const gated: ReleasePolicyEvent = {
  type: 'AccessPolicySet',
  data: { old: 'open', new: 'gated', changeRequest: 'CR-1' },
};
const denied: ReleasePolicyEvent = {
  type: 'SnapDenied',
  data: { ...snap, old: null, new: 'denied', changeRequest: 'CR-1' },
};

describe('the access policy of a ring', () => {
  it('is open until it is gated', () => given().when(apply('CR-1', gate)).then(gated));
  it('that is as wanted already changes nothing', () =>
    given(gated)
      .when(apply('CR-2', { kind: 'access', old: 'gated', new: 'gated' }))
      .thenNothing());
  it('is not changed from another than was approved against', () =>
    given(gated).when(apply('CR-2', gate)).thenRefused('expected-value-differs'));
});

describe('a snap of a ring', () => {
  it('is denied', () =>
    given()
      .when(apply('CR-1', listing(null, 'denied')))
      .then(denied));
  it('is allowed instead', () =>
    given(denied)
      .when(apply('CR-2', listing('denied', 'allowed')))
      .then({
        type: 'SnapAllowed',
        data: { ...snap, old: 'denied', new: 'allowed', changeRequest: 'CR-2' },
      }));
  it('is taken off its list', () =>
    given(denied)
      .when(apply('CR-2', listing('denied', null)))
      .then({ type: 'SnapUnlisted', data: { ...snap, old: 'denied', new: null, changeRequest: 'CR-2' } }));
  it('that was listed meanwhile keeps the whole change from being applied', () =>
    given(denied)
      .when(apply('CR-2', gate, listing(null, 'allowed')))
      .thenRefused('expected-value-differs'));
});
