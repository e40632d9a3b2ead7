import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const REASON = [
  '--reason',
  'CVE-2026-1234, tested per TP-88',
  '--reason-code',
  'security-fix',
  '--ticket',
  'CHG-2042',
];
const SINCE = { position: '40', at: '2026-11-22T12:48:14.123Z', changeRequest: 'CR-2026-0041' };
const HELD = {
  ring: 'default',
  name: 'core18',
  channel: 'latest/stable',
  architecture: 'amd64',
  revision: 1705,
  upstreamRevision: null,
  since: SINCE,
};
const DRAFTED = { id: 'CR-2026-0042', status: 'submitted', cursor: '17', inForce: [HELD] };

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('override', () => {
  it('R38: asks for a hold until a time, with what comes of it then', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, DRAFTED] });
    const words = ['override', 'core18', 'stable=1722', ...REASON];
    await cli.run([...words, '--until', '2027-03-31T18:00+02:00', '--at-expiry', 'release']);
    await cli.run([...words, '--until', '2027-03-31T18:00+02:00']);
    const at = '2027-03-31T16:00:00.000Z';
    expect(seen).toMatchObject([
      { body: { items: [{ snap: 'core18', revision: 1722, expiry: { at, action: 'release' } }] } },
      { body: { items: [{ snap: 'core18', revision: 1722, expiry: { at, action: 'keep' } }] } },
    ]);
    expect(await cli.run([...words, '--at-expiry', 'release'])).toMatchObject({ exitCode: 2 });
    expect(await cli.run([...words, '--until', '2027-03-31'])).toMatchObject({ exitCode: 2 });
    expect(seen).toHaveLength(2);
  });

  it('submits one change request, prints its id and what is in force meanwhile', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, DRAFTED] });
    const { exitCode, stdout, stderr } = await cli.run([
      'override',
      'core18',
      'stable=1722',
      '2.0/edge=9',
      ...REASON,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'CR-2026-0042 submitted\ncore18 stable amd64 1705\ncore18 2.0/edge is tracking upstream\n',
    );
    expect(stderr).toContain('Nothing changes before CR-2026-0042 is approved and applied');
    expect(stderr).toContain('Next: holdfast change show CR-2026-0042');
    expect(seen).toEqual([
      {
        request: 'POST /v1/change-requests',
        authorization: 'Bearer token',
        body: {
          ring: 'default',
          items: [
            { snap: 'core18', channel: 'stable', revision: 1722 },
            { snap: 'core18', channel: '2.0/edge', revision: 9 },
          ],
          reason: { code: 'security-fix', text: 'CVE-2026-1234, tested per TP-88', ticket: 'CHG-2042' },
          submit: true,
        },
      },
    ]);
  });

  it("prints the server's answer as JSON", async () => {
    await cli.control({ 'POST /v1/change-requests': [202, DRAFTED] });
    const { stdout, stderr } = await cli.run([
      'override',
      'core18',
      'stable=1722',
      '--format',
      'json',
      ...REASON,
    ]);
    expect(JSON.parse(stdout)).toEqual(DRAFTED);
    expect(stderr).toBe('');
  });

  it('asks the server nothing when one assignment is not well-formed', async () => {
    const { seen } = await cli.control({});
    const { exitCode, stdout, stderr } = await cli.run([
      'override',
      'core18',
      'stable=1722',
      'beta',
      ...REASON,
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe('error: "beta": there is no "="; say for instance stable=12\n');
    expect(seen).toEqual([]);
  });

  it('takes no change without a reason', async () => {
    const { seen } = await cli.control({});
    expect(await cli.run(['override', 'core18', 'stable=1722'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--reason') as string,
    });
    expect(seen).toEqual([]);
  });

  it.each([
    [403, 'not-an-author', 4],
    [409, 'not-allowed-in-status', 5],
    [400, 'reason-required', 2],
    [503, 'not-yet-projected', 1],
    [500, 'credential-tampered', 6],
  ])(
    'that is refused with %i %s exits %i, with the problem on standard error',
    async (status, code, expected) => {
      const answer = problem(status, code, 'this is why');
      await cli.control({ 'POST /v1/change-requests': answer });
      const { exitCode, stdout, stderr } = await cli.run([
        'override',
        'core18',
        'stable=1',
        '--format=json',
        ...REASON,
      ]);
      expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
      expect(JSON.parse(stderr)).toEqual(answer[1]);
    },
  );
});

describe('with a token', () => {
  const row = {
    snap_id: 'core18-id',
    snap_name: 'core18',
    revision: 1705,
    upstream_revision: 1706,
    channel: 'stable',
    architecture: 'amd64',
    series: '16',
  };
  const tracking = { ...row, snap_name: 'core20', revision: null, architecture: 'arm64' };
  const POST = 'POST /v2/metadata/overrides?ring=default';

  beforeEach(() => {
    cli.env['HOLDFAST_TOKEN'] = 'hft_token';
  });

  it('takes no reason, since the token has one, and prints what the Enterprise Store does', async () => {
    const location = '/v1/change-requests/CR-2026-0042';
    const { seen } = await cli.control({ [POST]: [202, { overrides: [row, tracking] }, { location }] });
    expect(await cli.run(['override', 'core18', 'stable=1722'])).toEqual({
      exitCode: 0,
      stdout: 'core18 stable amd64 1705\ncore20 stable arm64 is tracking upstream (revision 1706)\n',
      stderr: 'CR-2026-0042 asks for it. In force until it is approved and applied: what is printed here.\n',
    });
    expect(seen[0]).toEqual({
      request: POST,
      authorization: 'Bearer hft_token',
      body: [{ snap_name: 'core18', channel: 'stable', revision: 1722, series: '16' }],
    });
  });

  it('deletes by a revision of null', async () => {
    const { seen } = await cli.control({ [POST]: [202, { overrides: [] }] });
    await cli.run(['delete-override', 'core18', 'stable']);
    expect(seen[0]?.body).toMatchObject([{ snap_name: 'core18', revision: null }]);
  });

  it.each([
    ['--not-before', '2026-12-01T22:00Z'],
    ['--not-after', '2026-12-01T22:00Z'],
    ['--supersedes', 'CR-2026-0041'],
    ['--external-ticket', 'servicedesk:CHG-1=https://tickets.example/1'],
    ['--draft'],
  ])('refuses %s, which a token cannot ask for', async (...more) => {
    const { seen } = await cli.control({});
    expect(await cli.run(['override', 'core18', 'stable=1722', ...more])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('a token asks for now: leave') as string,
    });
    expect(seen).toEqual([]);
  });

  it('refuses a reason that would be lost', async () => {
    const { seen } = await cli.control({});
    expect(await cli.run(['override', 'core18', 'stable=1722', ...REASON])).toMatchObject({
      exitCode: 2,
      stderr: 'error: a token says why by its standing reason: leave --reason out\n',
    });
    expect(seen).toEqual([]);
  });
});

describe('a dry run', () => {
  it('shows old and new, asks for no reason and submits nothing', async () => {
    const lines = [
      {
        name: 'core18',
        channel: 'latest/stable',
        architecture: 'amd64',
        old: { by: 'upstream', revision: 1705 },
        new: { by: 'override', revision: 1722 },
      },
      {
        name: 'core18',
        channel: '2.0/edge',
        architecture: null,
        old: { by: 'upstream', revision: null },
        new: { by: 'override', revision: 9 },
      },
    ];
    const { seen } = await cli.control({ 'POST /v1/override-previews': [200, { lines }] });
    const ran = await cli.run(['override', 'core18', 'stable=1722', '2.0/edge=9', '--dry-run']);
    expect(ran.stdout).toBe(
      'Name    Channel   Arch   Old              New\n' +
        'core18  stable    amd64  upstream (1705)  1722\n' +
        'core18  2.0/edge  -      upstream         9\n',
    );
    expect(ran.stderr).toContain('Nothing was written.');
    expect(seen).toEqual([
      {
        request: 'POST /v1/override-previews',
        authorization: 'Bearer token',
        body: {
          ring: 'default',
          items: [
            { snap: 'core18', channel: 'stable', revision: 1722 },
            { snap: 'core18', channel: '2.0/edge', revision: 9 },
          ],
        },
      },
    ]);
  });

  it('shows what a channel that is given back would have, and submits nothing', async () => {
    const line = { name: 'core18', channel: 'latest/stable', architecture: 'amd64' };
    const lines = [
      { ...line, old: { by: 'override', revision: 1722 }, new: { by: 'upstream', revision: 1705 } },
    ];
    const { seen } = await cli.control({ 'POST /v1/override-previews': [200, { lines }] });
    const ran = await cli.run(['delete-override', 'core18', 'stable', '--ring', 'pilot', '--dry-run']);
    expect(ran).toMatchObject({
      exitCode: 0,
      stdout: 'Name    Channel  Arch   Old   New\ncore18  stable   amd64  1722  upstream (1705)\n',
      stderr: expect.stringContaining('Nothing was written.') as string,
    });
    expect(seen).toEqual([
      {
        request: 'POST /v1/override-previews',
        authorization: 'Bearer token',
        body: { ring: 'pilot', items: [{ snap: 'core18', channel: 'stable', revision: null }] },
      },
    ]);
  });
});

describe.each(['snap-proxy', 'snap-store-proxy', 'enterprise-store'])('called by the name %s', (name) => {
  beforeEach(() => {
    cli.name = name;
  });

  it('prints the lines that its scripts read', async () => {
    const overrides = [{ ...HELD, revision: 1722, upstreamRevision: 1705 }];
    await cli.control({
      'GET /v1/overrides?snap=core18': [200, { overrides }],
      'POST /v1/change-requests': [202, DRAFTED],
    });
    expect((await cli.run(['list-overrides', 'core18'])).stdout).toBe(
      'core18 stable amd64 1722 (upstream 1705)\n',
    );
    expect((await cli.run(['override', 'core18', 'stable=1722', ...REASON])).stdout).toBe(
      'core18 stable amd64 1705\n',
    );
  });

  it('shows that name in its usage', async () => {
    expect((await cli.run([])).stderr).toContain(`Usage: ${name} `);
    expect((await cli.run(['override', '--help'])).stdout).toContain(`Usage: ${name} override `);
  });

  it('says what to do instead of a verb that is not here, whatever comes after it', async () => {
    expect(await cli.run(['add-admin', 'ada@example.com', '--help'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error: add-admin is not a command here: "holdfast people add LOGIN --name NAME --role admin" enrols an admin\n',
    });
    expect((await cli.run(['--help'])).stdout).not.toContain('add-admin');
  });
});

describe('delete-override', () => {
  it('submits a change that gives the channel back to upstream', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, DRAFTED] });
    const { stdout } = await cli.run(['delete-override', 'core18', 'stable', '--ring', 'pilot', ...REASON]);
    expect(stdout).toBe('CR-2026-0042 submitted\ncore18 stable amd64 1705\n');
    expect(seen[0]?.body).toMatchObject({
      ring: 'pilot',
      items: [{ snap: 'core18', channel: 'stable', revision: null }],
    });
  });
});

describe('list-overrides', () => {
  it('prints a table with the words in the order of the Enterprise Store', async () => {
    await cli.control({ 'GET /v1/overrides?snap=core18': [200, { overrides: [HELD] }] });
    expect(await cli.run(['list-overrides', 'core18'])).toEqual({
      exitCode: 0,
      stdout:
        'Name    Channel  Arch   Rev   Ring     Since                     Change\n' +
        'core18  stable   amd64  1705  default  2026-11-22T12:48:14.123Z  CR-2026-0041\n',
      stderr: '',
    });
  });

  it('shows what upstream has, as the Enterprise Store does', async () => {
    const overrides = [{ ...HELD, revision: 1722, upstreamRevision: 1705 }];
    await cli.control({ 'GET /v1/overrides?snap=core18': [200, { overrides }] });
    const { stdout } = await cli.run(['list-overrides', 'core18']);
    expect(stdout.replaceAll(/ +/g, ' ')).toContain('core18 stable amd64 1722 (upstream 1705) default');
  });

  it('shows only those that upstream has otherwise, when asked for the difference', async () => {
    const same = { ...HELD, name: 'core20', upstreamRevision: 1705 };
    const other = { ...HELD, revision: 1722, upstreamRevision: 1705 };
    await cli.control({ 'GET /v1/overrides': [200, { overrides: [same, other] }] });
    const { stdout } = await cli.run(['list-overrides', '--diff']);
    expect(stdout).toContain('core18');
    expect(stdout).not.toContain('core20');
  });

  it('prints [] when there are none, and exits 0', async () => {
    await cli.control({ 'GET /v1/overrides': [200, { overrides: [] }] });
    expect(await cli.run(['list-overrides', '--format', 'json'])).toEqual({
      exitCode: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });

  it('waits for the cursor that it is given', async () => {
    const { seen } = await cli.control({ 'GET /v1/overrides?atLeast=17': [200, { overrides: [] }] });
    expect(await cli.run(['list-overrides', '--at-least', '17'])).toMatchObject({ exitCode: 0 });
    expect(seen).toHaveLength(1);
  });
});
