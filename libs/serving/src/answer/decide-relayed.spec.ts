import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { RingAccess } from '../policy/ring-access.js';
import { decideRelayed } from './decide-relayed.js';
import type { DeviceAction } from './device-action.js';
import { holding, LAB_HELLO, LAB_TOOL, type HeldForTest } from './testing-manifests.js';

const install: DeviceAction = {
  action: 'install',
  instanceKey: 'install-1',
  snapId: undefined,
  name: 'new-name',
  channel: 'stable',
  revision: undefined,
  installed: undefined,
  epoch: undefined,
};

function decide(
  held: HeldForTest[],
  action: DeviceAction,
  result: JsonObject,
  access = RingAccess.open,
): string {
  const decision = decideRelayed(
    { access, held: holding(...held) },
    action,
    { 'snap-id': LAB_HELLO, ...result },
    'amd64',
  );
  switch (decision.kind) {
    case 'held':
      return [decision.release.entry.version, decision.effectiveChannel, decision.redirectChannel]
        .filter(Boolean)
        .join(' ');
    case 'pass':
      return `pass ${decision.effectiveChannel}`;
    case 'refuse':
      return decision.error.code;
    case 'withhold':
      return 'withhold';
  }
}

describe('decideRelayed', () => {
  const stable2: HeldForTest = { channel: 'latest/stable', version: '2' };

  it.each<[string, HeldForTest[], Partial<DeviceAction>, JsonObject, string]>([
    ['a snap that is not held', [], {}, { 'effective-channel': 'stable' }, 'pass latest/stable'],
    [
      'a closed risk that fell back to a held one',
      [stable2],
      { channel: 'candidate' },
      { 'effective-channel': 'stable' },
      '2 latest/stable',
    ],
    [
      'an open risk',
      [stable2],
      { channel: 'candidate' },
      { 'effective-channel': 'candidate' },
      'pass latest/candidate',
    ],
    [
      'a branch that was closed',
      [stable2],
      { channel: 'stable/fix' },
      { 'effective-channel': 'stable' },
      '2 latest/stable',
    ],
    ['a new name of a held snap', [stable2], {}, { 'effective-channel': 'stable' }, '2 latest/stable'],
    ['a new name of a held snap, no effective channel said', [stable2], {}, {}, '2 latest/stable'],
    ['an effective channel that is none', [stable2], {}, { 'effective-channel': '///' }, '2 latest/stable'],
    [
      'a default track newer than our manifests',
      [{ channel: '3.0/stable' }],
      {},
      { 'effective-channel': '3.0/stable', 'redirect-channel': '3.0/stable' },
      '2 3.0/stable 3.0/stable',
    ],
    [
      'only a redirect said',
      [{ channel: '3.0/stable' }],
      {},
      { 'redirect-channel': '3.0/stable' },
      '2 3.0/stable 3.0/stable',
    ],
    [
      'another revision by a new name',
      [stable2],
      { revision: 9 },
      { 'effective-channel': 'stable' },
      'revision-not-found',
    ],
    [
      'the held revision by a new name',
      [stable2],
      { revision: 2 },
      { 'effective-channel': 'edge' },
      '2 latest/stable',
    ],
    ['another snap than asked for', [], { snapId: LAB_TOOL }, {}, 'upstream-malformed'],
    ['no snap-id', [], {}, { 'snap-id': 5 }, 'upstream-malformed'],
  ])('%s', (_, held, action, result, expected) => {
    expect(decide(held, { ...install, ...action }, result)).toBe(expected);
  });

  it.each<[string, DeviceAction['action'], string]>([
    ['an install', 'install', 'name-not-found'],
    ['a refresh', 'refresh', 'withhold'],
  ])('a name that means a denied snap gets nothing: %s', (_, action, expected) => {
    const hello = [{ format: 'snap', subject: LAB_HELLO, name: 'old-name' }];
    const access = new RingAccess({ access: 'open', denied: hello });
    expect(decide([], { ...install, action }, { 'effective-channel': 'stable' }, access)).toBe(expected);
  });

  it('a name that was allowed and is another snap’s by now gets nothing', () => {
    const tool = [{ format: 'snap', subject: LAB_TOOL, name: 'new-name' }];
    const access = new RingAccess({ access: 'gated', allowed: tool });
    expect(decide([], install, { 'effective-channel': 'stable' }, access)).toBe('revision-not-found');
    expect(decide([stable2], install, { 'effective-channel': 'stable' }, access)).toBe('2 latest/stable');
    expect(decide([stable2], install, { 'effective-channel': 'edge' }, access)).toBe('revision-not-found');
  });
});
