import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import type { ResolvedChange } from '../change-request/events.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange, type BlockSnap } from './release-policy.js';

const { given } = specify(releasePolicy);

const snap = { format: 'snap', subject: 'id-of-lab-tool', name: 'lab-tool' };
const context = byWorker('upstream-snap/id-of-lab-tool');
const because = { event: 'event-1', type: 'PublisherChanged', at: '2026-11-23T08:00:00.000Z' };
const toBlock: ReleasePolicyEvent = {
  type: 'PublisherChangesSet',
  data: { old: 'keep', new: 'block', at: context.at, changeRequest: 'CR-1' },
};
const toKeep: ReleasePolicyEvent = {
  type: 'PublisherChangesSet',
  data: { old: 'block', new: 'keep', at: context.at, changeRequest: 'CR-2' },
};
const blocked = (event: string, old: 'blocked' | null = null): ReleasePolicyEvent => ({
  type: 'SnapBlocked',
  data: { ...snap, old, new: 'blocked', because: { ...because, event }, changeRequest: 'CR-1' },
});
const unblocked: ReleasePolicyEvent = {
  type: 'SnapUnblocked',
  data: { ...snap, old: 'blocked', new: null, changeRequest: 'CR-3' },
};
const block = (event = 'event-1', at = because.at): BlockSnap => ({
  type: 'BlockSnap',
  ...snap,
  because: { ...because, event, at },
  context,
});
const apply = (changeRequest: string, ...changes: ResolvedChange[]): ApplyChange => ({
  type: 'ApplyChange',
  changeRequest,
  changes,
  context,
});
const lift: ResolvedChange = { kind: 'block', ...snap, old: 'blocked', new: null };

describe('a publisher’s doing', () => {
  it('changes nothing in a ring that keeps, as every ring does at first', () =>
    given().when(block()).thenNothing());
  it('blocks the snap in a ring that is set to block, by the request that set it so', () =>
    given(toBlock).when(block()).then(blocked('event-1')));
  it('told again is one', () => given(toBlock, blocked('event-1')).when(block()).thenNothing());
  it('that was answered before does not block again what was unblocked since', () =>
    given(toBlock, blocked('event-1'), unblocked).when(block()).thenNothing());
  it('from before the ring was set to block changes nothing', () =>
    given(toBlock).when(block('event-0', '2026-01-01T00:00:00.000Z')).thenNothing());
  it('is recorded beside another one', () =>
    given(toBlock, blocked('event-1')).when(block('event-2')).then(blocked('event-2', 'blocked')));
  it('changes nothing once the ring keeps again', () => given(toBlock, toKeep).when(block()).thenNothing());
});

describe('applying a change', () => {
  it('sets what the ring does about publishers', () =>
    given()
      .when(apply('CR-1', { kind: 'publisher-changes', old: 'keep', new: 'block' }))
      .then(toBlock));
  it('lifts a block', () => given(toBlock, blocked('event-1')).when(apply('CR-3', lift)).then(unblocked));
  it('does not lift what is not blocked any more', () =>
    given(toBlock, blocked('event-1'), unblocked)
      .when(apply('CR-4', lift))
      .thenRefused('expected-value-differs'));
  it('does not set what was set otherwise meanwhile', () =>
    given(toBlock)
      .when(apply('CR-4', { kind: 'publisher-changes', old: 'keep', new: 'block' }))
      .thenRefused('expected-value-differs'));
});
