import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlFixture } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const DIGEST = 'd'.repeat(64);
const POLICY = {
  ring: 'default',
  digest: DIGEST,
  access: 'open',
  denied: [],
  allowed: [],
  overrides: [{ snap: 'bare', channel: 'latest/stable', architecture: 'amd64', revision: 5 }],
};
const line = (name: string | null, revision: number, devices: number, unidentified = 0) => ({
  snapId: `${name ?? 'odd'}-id`,
  name,
  revoked: false,
  failure: null,
  channel: 'latest/stable',
  architecture: 'amd64',
  revision,
  devices,
  unidentified,
  lastSaidAt: '2026-11-26T12:00:00.000Z',
});
const REPORTED = {
  devices: 3,
  unidentified: 1,
  leftOut: 2,
  revisions: [
    line('bare', 5, 3),
    line('core22', 1380, 2),
    line('core22', 1400, 1, 1),
    line('snapd', 100, 3),
    line(null, 7, 1),
  ],
  more: false,
};
const REASON = ['--reason', 'hold what devices have, WI-12'];
const SUBMITTED = { id: 'CR-2026-0042', status: 'submitted', cursor: '17', inForce: [], accessInForce: null };
const place = { channel: 'latest/stable', architecture: 'amd64' };

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'session';
});

async function control(
  answers: Parameters<typeof ControlFixture.start>[0] = {},
  reported: object = REPORTED,
): Promise<ControlFixture> {
  return cli.control({
    'GET /v1/policies/default': [200, POLICY],
    'GET /v1/installed-revisions?ring=default': [200, reported],
    'POST /v1/change-requests': [202, SUBMITTED],
    'POST /v1/token-submissions': [202, SUBMITTED],
    ...answers,
  });
}
const posted = ({ seen }: ControlFixture) => seen.filter(({ request }) => request.startsWith('POST'));

const HOLDING = `Devices: 3; reports that no store vouches for: 1
Snaps that devices named and no record names: 2

To hold:
Snap    Channel  Arch   Rev   Devices  Deviate  Now
core22  stable   amd64  1380  2        1        upstream
snapd   stable   amd64  100   3        0        upstream

Held already:
Snap  Channel  Arch   Rev  Devices  Deviate  Now
bare  stable   amd64  5    3        0        5

Left out:
Snap    Channel  Arch   Rev  Devices  Unidentified  Why
odd-id  stable   amd64  7    1        0             upstream was not asked yet what it is
`;

describe('baseline', () => {
  it('asks for all of it in one change request, for the policy that it was thought of for', async () => {
    const fixture = await control();
    const { exitCode, stdout } = await cli.run(['baseline', '--prefer', 'most', ...REASON]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`CR-2026-0042 submitted\n${HOLDING}`);
    expect(posted(fixture).map(({ body }) => body)).toEqual([
      {
        ring: 'default',
        items: [
          { snap: 'core22', ...place, revision: 1380 },
          { snap: 'snapd', ...place, revision: 100 },
        ],
        ifPolicy: DIGEST,
        reason: { code: 'other', text: 'hold what devices have, WI-12' },
        submit: true,
      },
    ]);
  });

  it('asks for nothing as long as devices differ, and says where', async () => {
    const fixture = await control();
    const { exitCode, stdout, stderr } = await cli.run(['baseline', ...REASON]);
    expect([exitCode, stdout]).toEqual([5, '']);
    expect(stderr).toContain('--prefer most, --prefer newest or SNAP=REVISION');
    expect(stderr).toMatch(/^core22 +stable +amd64 +1380 +2$/m);
    expect(stderr).toMatch(/^core22 +stable +amd64 +1400 +1$/m);
    expect(posted(fixture)).toEqual([]);
  });

  it('takes a choice, also of several snaps, and none that no device has', async () => {
    const fixture = await control();
    await cli.run(['baseline', 'core22=1400', ...REASON]);
    expect(posted(fixture)).toMatchObject([{ body: { items: [{ revision: 1400 }, { revision: 100 }] } }]);
    const none = await cli.run(['baseline', 'core22=1400', 'snapd=7', '--dry-run']);
    expect(none.stderr).toContain('No device that counts has snapd=7');
    expect((await cli.run(['baseline', 'core22=1400', 'snapd=7', ...REASON])).exitCode).toBe(5);
    expect((await cli.run(['baseline', 'core22', ...REASON])).exitCode).toBe(2);
  });

  it('shows all of it before, and writes nothing', async () => {
    const fixture = await control();
    const { exitCode, stdout, stderr } = await cli.run(['baseline', '--dry-run', '--leave-out', 'odd-id']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      '\nDevices differ:\nSnap    Channel  Arch   Rev   Devices\ncore22  stable   amd64  1380  2\n',
    );
    expect(stdout).toMatch(/^odd-id .*as asked$/m);
    expect(stderr).toContain('Nothing was written. Devices differ');
    const json = await cli.run(['baseline', '--dry-run', '--prefer', 'newest', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      devices: 3,
      holds: [{ snap: 'core22', revision: 1400, devices: 1, deviate: 2 }, { snap: 'snapd' }],
      undecided: [],
    });
    expect(posted(fixture)).toEqual([]);
  });

  it('counts reports that no store vouches for when it is told to', async () => {
    await control();
    const args = ['baseline', '--dry-run', '--prefer', 'most', '--unidentified'];
    expect((await cli.run(args)).stdout).toMatch(/^core22 +stable +amd64 +1400 +2 +2 +upstream$/m);
  });

  it('asks with a token, whose reason it has', async () => {
    cli.env['HOLDFAST_TOKEN'] = 'hft_token';
    const fixture = await control();
    expect((await cli.run(['baseline', '--prefer', 'most', ...REASON])).exitCode).toBe(2);
    expect((await cli.run(['baseline', '--prefer', 'most'])).exitCode).toBe(0);
    expect(posted(fixture)).toMatchObject([
      { request: 'POST /v1/token-submissions', body: { ring: 'default', ifPolicy: DIGEST } },
    ]);
  });

  it('has nothing to ask for where all is held already, or no device has said anything', async () => {
    const fixture = await control({}, { ...REPORTED, revisions: [line('bare', 5, 3)] });
    const { exitCode, stderr } = await cli.run(['baseline', ...REASON]);
    expect([exitCode, stderr]).toEqual([0, 'Ring default has nothing more to hold of what devices have.\n']);
    expect(posted(fixture)).toEqual([]);
    const silent = await control({}, { ...REPORTED, devices: 0, unidentified: 0, revisions: [] });
    expect((await cli.run(['baseline', ...REASON])).exitCode).toBe(0);
    expect(posted(silent)).toEqual([]);
  });

  it('asks for a whole ring in one request', async () => {
    const revisions = Array.from({ length: 2_000 }, (_, i) => line(`snap-${i}`, 1, 1));
    const fixture = await control({}, { ...REPORTED, revisions });
    expect(await cli.run(['baseline', ...REASON])).toMatchObject({ exitCode: 0 });
    const [asked, ...others] = posted(fixture).map(
      ({ body }) => body as { readonly items: readonly unknown[] },
    );
    expect(asked?.items).toHaveLength(2_000);
    expect(others).toEqual([]);
  });

  it('refuses more than fits into one request, and a list that was cut off', async () => {
    const revisions = Array.from({ length: 2_001 }, (_, i) => line(`snap-${i}`, 1, 1));
    const many = await control({}, { ...REPORTED, revisions });
    expect((await cli.run(['baseline', ...REASON])).stderr).toContain('2001 overrides are too many');
    const cut = await control({}, { ...REPORTED, more: true });
    expect(await cli.run(['baseline', '--prefer', 'most', ...REASON])).toMatchObject({ exitCode: 5 });
    expect([...posted(many), ...posted(cut)]).toEqual([]);
  });

  it.each([
    ['2026-11-26T12:00:00+01:00', '2026-11-26T11%3A00%3A00.000Z'],
    ['2026-11-26T12:00:00Z', '2026-11-26T12%3A00%3A00.000Z'],
  ])('counts devices that were heard of since %s', async (since, asked) => {
    const question = `GET /v1/installed-revisions?since=${asked}&ring=default`;
    const { seen } = await control({ [question]: [200, REPORTED] });
    expect((await cli.run(['baseline', '--dry-run', '--since', since])).exitCode).toBe(0);
    expect(seen.map(({ request }) => request)).toEqual(['GET /v1/policies/default', question]);
  });

  it.each(['yesterday', '7', '0d', '2026-11-26', '2026-13-45T12:00:00Z'])(
    'takes no "%s" for a time',
    async (since) => {
      const { exitCode, stderr } = await cli.run(['baseline', '--dry-run', '--since', since]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('7d, 12h');
    },
  );
});
