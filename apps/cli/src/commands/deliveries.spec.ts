import { beforeEach, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

const GOT = {
  device: { brand: 'lab', model: 'box', serial: '42', proof: 'store' },
  snap: 'core18',
  snapId: 'id',
  revision: 1705,
  node: 'dmz-1',
  channel: 'latest/stable',
  offered: 1,
  completed: 1,
  brokenOff: 0,
  firstAt: '2026-11-26T12:00:00.000Z',
  lastAt: '2026-11-26T12:01:00.000Z',
  completedAt: '2026-11-26T12:01:00.000Z',
  position: '41',
  recordedAt: '2026-11-26T12:02:00.000Z',
};
const ONLY_OFFERED = {
  ...GOT,
  device: { ...GOT.device, serial: '43', proof: 'key' },
  completed: 0,
  completedAt: null,
};
const BROKEN_OFF = { ...GOT, device: null, channel: null, offered: 0, completed: 0, brokenOff: 2 };

const SNAP = {
  snapId: 'id',
  name: 'core18',
  instance: null,
  revision: 1705,
  channel: 'latest/stable',
  cohort: false,
};
const HAS = {
  device: GOT.device,
  architecture: 'amd64',
  node: 'dmz-1',
  since: '2026-11-25T12:00:00.000Z',
  saidAt: '2026-11-26T12:00:00.000Z',
  recordedAt: '2026-11-26T12:00:10.000Z',
  position: '41',
  snaps: [
    SNAP,
    { ...SNAP, snapId: 'odd', name: null, instance: 'two', revision: 7, channel: '22/edge', cohort: true },
  ],
  leftOut: 3,
};

const RULE = { of: 'list', list: 'lab', ring: 'pilot', name: 'list lab', changeRequest: 'CR-2026-0007' };
const IN_PILOT = {
  device: 'lab/box/42',
  ring: 'pilot',
  rule: RULE,
  since: '2026-11-20T08:00:00.000Z',
  candidates: [RULE],
};
const MEMBER =
  'lab/box/42 is in ring pilot by the rule "list lab", approved in CR-2026-0007, in force since 2026-11-20T08:00:00.000Z\n';
const explained = { 'GET /v1/members/explain?device=lab%2Fbox%2F42': [200, IN_PILOT] } as const;

it('says of a device what it has, and what it was offered and got', async () => {
  const page = { deliveries: [GOT], lastSeenAt: GOT.lastAt, next: 'place' };
  await cli.control({
    ...explained,
    'GET /v1/installed?device=lab%2Fbox%2F42': [200, { devices: [HAS] }],
    'GET /v1/deliveries?device=lab%2Fbox%2F42&limit=1': [200, page],
  });
  const { exitCode, stdout, stderr } = await cli.run(['device', 'lab/box/42', '--limit', '1']);
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    MEMBER +
      'lab/box/42 (amd64) has since 2026-11-25T12:00:00.000Z, as it last said 2026-11-26T12:00:00.000Z to dmz-1 under position 41:\n' +
      'Name    Rev   Tracking  Notes\n' +
      'core18  1705  stable    -\n' +
      'odd     7     22/edge   instance two, in a cohort\n' +
      'and 3 more that no record names\n\n' +
      'Snap    Rev   Channel  Outcome    Last                      Position  Node   Device\n' +
      'core18  1705  stable   completed  2026-11-26T12:01:00.000Z  41        dmz-1  lab/box/42\n',
  );
  expect(stderr).toBe(
    'Last offered or delivered something: 2026-11-26T12:01:00.000Z, by the clock of its proxy\nThere is more: --after place\n',
  );
});

it('says of a revision who got it, and who was only offered it', async () => {
  const page = { deliveries: [GOT, ONLY_OFFERED, BROKEN_OFF], lastSeenAt: GOT.lastAt, next: null };
  await cli.control({ 'GET /v1/deliveries?snap=core18&revision=1705': [200, page] });
  expect((await cli.run(['who-got', 'core18=1705'])).stdout).toBe(
    'Device                       Outcome     Last                      Position  Node\n' +
      'lab/box/42                   completed   2026-11-26T12:01:00.000Z  41        dmz-1\n' +
      'lab/box/43 (by a key alone)  offered     2026-11-26T12:01:00.000Z  41        dmz-1\n' +
      '-                            broken off  2026-11-26T12:01:00.000Z  41        dmz-1\n',
  );
});

it('shows beside the device whoever showed only a key under its serial', async () => {
  const byKey = { ...HAS, device: { ...GOT.device, proof: 'key' }, snaps: [{ ...SNAP, revision: 1 }] };
  await cli.control({
    ...explained,
    'GET /v1/installed?device=42': [200, { devices: [HAS, byKey] }],
    'GET /v1/deliveries?device=42': [200, { deliveries: [], lastSeenAt: null, next: null }],
  });
  const { stdout } = await cli.run(['device', '42']);
  expect(stdout.startsWith(`${MEMBER}lab/box/42 (amd64) has since `)).toBe(true);
  expect(stdout).toMatch(/^lab\/box\/42 \(by a key alone\) \(amd64\) has since /m);
});

it('says so when nothing was recorded, and is JSON for programs', async () => {
  const nothing = { deliveries: [], lastSeenAt: null, next: null };
  await cli.control({
    'GET /v1/installed?device=44': [200, { devices: [] }],
    'GET /v1/deliveries?device=44': [200, nothing],
    'GET /v1/deliveries?snap=core18&revision=1': [200, nothing],
  });
  expect((await cli.run(['device', '44'])).stderr).toBe('No proxy has recorded a delivery to 44.\n');
  expect((await cli.run(['who-got', 'core18=1'])).stderr).toBe('No proxy has recorded core18=1.\n');
  expect(JSON.parse((await cli.run(['device', '44', '--format', 'json'])).stdout)).toEqual({
    members: [],
    installed: [],
    ...nothing,
  });
});

it.each(['core18', 'core18=', 'core18=0', 'core18=x', '=7', 'core 18=7'])(
  'takes no "%s" for a revision',
  async (asked) => {
    const { exitCode, stderr } = await cli.run(['who-got', asked]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('core18=1705');
  },
);
