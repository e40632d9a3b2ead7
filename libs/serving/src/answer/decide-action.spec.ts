import { describe, expect, it } from 'vitest';
import { RingAccess } from '../policy/ring-access.js';
import { decideAction, type Decision, type RingView } from './decide-action.js';
import type { DeviceAction } from './device-action.js';
import { holding, LAB_HELLO, LAB_TOOL, type HeldForTest } from './testing-manifests.js';

const install: DeviceAction = {
  action: 'install',
  instanceKey: 'install-1',
  snapId: undefined,
  name: 'lab-hello',
  channel: undefined,
  revision: undefined,
  installed: undefined,
  epoch: undefined,
};
const refresh: DeviceAction = {
  ...install,
  action: 'refresh',
  instanceKey: LAB_HELLO,
  snapId: LAB_HELLO,
  name: undefined,
  channel: 'latest/stable',
  installed: 1,
  epoch: { read: [0], write: [0] },
};

function decide(
  held: HeldForTest[],
  action: DeviceAction,
  access: RingView['access'] = RingAccess.open,
  architecture = 'amd64',
): string {
  return told(decideAction({ access, held: holding(...held) }, action, architecture));
}

function told(decision: Decision): string {
  switch (decision.kind) {
    case 'held':
      return [decision.release.entry.version, decision.effectiveChannel, decision.redirectChannel]
        .filter(Boolean)
        .join(' ');
    case 'refuse':
      return decision.error.code;
    case 'relay':
    case 'withhold':
      return decision.kind;
  }
}

describe('decideAction', () => {
  const stable2: HeldForTest = { channel: 'latest/stable', version: '2' };

  it.each<[string, HeldForTest[], DeviceAction, string]>([
    ['an install without a channel', [stable2], install, '2 latest/stable'],
    ['an install of a risk', [stable2], { ...install, channel: 'stable' }, '2 latest/stable'],
    ['an install of a full channel', [stable2], { ...install, channel: 'latest/stable' }, '2 latest/stable'],
    ['a download', [stable2], { ...install, action: 'download' }, '2 latest/stable'],
    ['a refresh by what the device tracks', [stable2], refresh, '2 latest/stable'],
    [
      'a refresh of a snap that was renamed since',
      [{ ...stable2, name: 'old-name' }],
      refresh,
      '2 latest/stable',
    ],
    ['a refresh that asks for another channel', [stable2], { ...refresh, channel: 'latest/edge' }, 'relay'],
    ['another risk', [stable2], { ...install, channel: 'edge' }, 'relay'],
    ['another track', [stable2], { ...install, channel: '2.0/stable' }, 'relay'],
    ['a branch of the channel', [stable2], { ...install, channel: 'stable/fix' }, 'relay'],
    [
      'a branch that is held',
      [{ channel: 'latest/stable/fix' }],
      { ...install, channel: 'stable/fix' },
      '2 latest/stable/fix',
    ],
    ['another snap', [stable2], { ...install, name: 'lab-tool' }, 'relay'],
    ['an empty policy', [], install, 'relay'],
    ['the channel of another architecture', [{ architecture: 'arm64' }], install, 'relay'],
    [
      'the risk of a default track',
      [{ channel: '2.0/stable', defaultTrack: '2.0' }],
      { ...install, channel: 'stable' },
      '2 2.0/stable 2.0/stable',
    ],
    [
      'no channel, of a snap with a default track',
      [{ channel: '2.0/stable', defaultTrack: '2.0' }],
      install,
      '2 2.0/stable 2.0/stable',
    ],
    [
      'latest by name, of a snap with a default track',
      [{ channel: '2.0/stable', defaultTrack: '2.0' }],
      { ...install, channel: 'latest/stable' },
      'relay',
    ],
    [
      'latest held, but another default track',
      [{ channel: 'latest/stable', defaultTrack: '2.0' }],
      install,
      'relay',
    ],
    [
      'the newest manifest says the default track',
      [
        { channel: '2.0/edge', version: '9', defaultTrack: '2.0' },
        { channel: '2.0/stable', version: '2' },
      ],
      install,
      '2 2.0/stable 2.0/stable',
    ],
    ['an explicit revision that is held', [stable2], { ...install, revision: 2 }, '2 latest/stable'],
    [
      'an explicit revision that is held on another channel',
      [stable2],
      { ...install, channel: 'edge', revision: 2 },
      '2 latest/stable',
    ],
    [
      'an explicit revision held on two channels',
      [stable2, { channel: 'latest/beta' }],
      { ...install, channel: 'beta', revision: 2 },
      '2 latest/beta',
    ],
    ['another explicit revision', [stable2], { ...install, revision: 3 }, 'revision-not-found'],
    [
      'another explicit revision of a channel that is not held',
      [stable2],
      { ...install, channel: 'edge', revision: 3 },
      'revision-not-found',
    ],
    ['an explicit revision by refresh', [stable2], { ...refresh, revision: 7 }, 'revision-not-found'],
    [
      'an explicit revision that is held for another architecture',
      [{ architecture: 'arm64', version: '4' }, stable2],
      { ...install, revision: 4 },
      'revision-not-found',
    ],
    [
      'an explicit revision of a snap that is held for another architecture only',
      [{ architecture: 'arm64' }],
      { ...install, revision: 7 },
      'revision-not-found',
    ],
    [
      'an explicit revision of a snap that is not held',
      [stable2],
      { ...install, name: 'lab-tool', revision: 3 },
      'relay',
    ],
    [
      'a held revision whose manifest cannot be read',
      [{ unreadable: true }],
      install,
      'held-revision-unavailable',
    ],
    ['a name that two held snaps had', [stable2, { subject: LAB_TOOL }], install, 'relay'],
    [
      'an epoch that reads the device',
      [{ snap: { epoch: { read: [0, 1], write: [1] } } }],
      refresh,
      '2 latest/stable',
    ],
    ['an epoch that cannot read the device', [{ snap: { epoch: '1' } }], refresh, 'withhold'],
    [
      'a held epoch older than the device',
      [stable2],
      { ...refresh, epoch: { read: [1], write: [1] } },
      'withhold',
    ],
    ['an epoch that is none', [{ snap: { epoch: 'x' } }], refresh, 'withhold'],
    [
      'an amended install whose data the revision cannot read',
      [stable2],
      { ...install, epoch: { read: [1], write: [1] } },
      'revision-not-found',
    ],
  ])('%s', (_, held, action, expected) => {
    expect(decide(held, action)).toBe(expected);
  });

  it('tells architectures apart', () => {
    const held = [{ version: '2' }, { architecture: 'arm64', version: '4' }];
    expect(decide(held, install, RingAccess.open, 'arm64')).toBe('4 latest/stable');
  });

  it.each<[string, DeviceAction, string]>([
    ['what is held', install, '2 latest/stable'],
    ['a refresh of what is not: no update', { ...refresh, channel: 'latest/edge' }, 'withhold'],
    ['an install of what is not', { ...install, channel: 'edge' }, 'revision-not-found'],
    ['an install of an unknown snap', { ...install, name: 'lab-tool' }, 'revision-not-found'],
  ])('a gated ring relays nothing: %s', (_, action, expected) => {
    expect(decide([stable2], action, RingAccess.gated)).toBe(expected);
  });

  it('a gated ring says with its refusal where the snap is approved', () => {
    const held = [stable2, { channel: '2.0/edge', architecture: 'arm64' }];
    const ring = { access: RingAccess.gated, held: holding(...held) };
    expect(decideAction(ring, { ...install, channel: 'edge' }, 'amd64')).toMatchObject({
      kind: 'refuse',
      error: {
        code: 'revision-not-found',
        releases: [
          { architecture: 'amd64', channel: 'stable' },
          { architecture: 'arm64', channel: '2.0/edge' },
        ],
      },
    });
  });

  it('refuses a channel that is none', () => {
    expect(() => decide([stable2], { ...install, channel: 'a/b/c/d' })).toThrow(
      expect.objectContaining({ code: 'malformed-channel' }),
    );
  });
});
