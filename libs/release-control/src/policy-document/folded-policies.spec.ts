import { expect, it } from 'vitest';
import { event, noted, overrideSet } from '#apps/projector/fixtures/history';
import type { EventEnvelope } from '#kernel';
import type { PositionedEvent } from '#platform/projection';
import { FoldedPolicies } from './folded-policies.js';

function from(first: number, ...envelopes: EventEnvelope[]): PositionedEvent[] {
  return envelopes.map((envelope, i) => ({
    position: BigInt(first + i),
    envelope,
    bytes: new Uint8Array(),
  }));
}

function held(policies: FoldedPolicies, ring = 'default'): string[] {
  return [...(policies.get(ring)?.overrides.values() ?? [])].map(({ name }) => name);
}

const removed = event('release-policy/default', 1, 'OverrideRemoved', {
  ...(overrideSet(0).data as object),
  old: { version: '0', manifest: 'ab'.repeat(32) },
  new: null,
});

it('folds each ring by itself', () => {
  const policies = new FoldedPolicies();
  const pilot = event('release-policy/pilot', 0, 'OverrideSet', overrideSet(7).data);
  policies.fold(from(0, overrideSet(0), pilot, overrideSet(1)));
  expect(held(policies)).toEqual(['snap-0', 'snap-1']);
  expect(held(policies, 'pilot')).toEqual(['snap-7']);
  expect(policies.get('production')).toBeUndefined();
});

it('takes the events of a failed transaction again, with others behind them', () => {
  const policies = new FoldedPolicies();
  policies.fold(from(0, overrideSet(0), ...noted(0)));
  policies.fold(from(2, overrideSet(1)));
  expect(held(policies)).toEqual(['snap-0', 'snap-1']);
  policies.fold(from(2, removed));
  expect(held(policies)).toEqual([]);
  policies.fold(from(2, overrideSet(1), overrideSet(2)));
  expect(held(policies)).toEqual(['snap-0', 'snap-1', 'snap-2']);
});

it('takes what it has already as seen', () => {
  const policies = new FoldedPolicies();
  policies.fold(from(0, overrideSet(0)));
  policies.fold(from(1, removed));
  policies.fold(from(0, overrideSet(0)));
  expect(held(policies)).toEqual([]);
});

it('refuses to go on behind events that are missing', () => {
  const policies = new FoldedPolicies();
  policies.fold(from(0, overrideSet(0)));
  expect(() => policies.fold(from(2, removed))).toThrow('the policies are at position 1, not at 2');
});
