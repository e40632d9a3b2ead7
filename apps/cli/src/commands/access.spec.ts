import { beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'Nobody needs this snap here, per TP-90'];
const SINCE = { position: '40', at: '2026-11-22T12:48:14.123Z', changeRequest: 'CR-2026-0041' };
const TOOL = { name: 'lab-tool', snapId: 'labtoolidlabtoolidlabtoolidlab02', since: SINCE };
const OPEN = {
  ring: 'default',
  access: 'open',
  since: null,
  denied: [],
  allowed: [],
  blocked: [],
  publisherChanges: 'keep',
  publisherChangesSince: null,
  halts: [],
  halted: [],
};
const drafted = (accessInForce: object) => ({
  id: 'CR-2026-0042',
  status: 'submitted',
  cursor: '17',
  inForce: [],
  accessInForce,
});

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('access', () => {
  it('shows the policy that nobody has set', async () => {
    await cli.control({ 'GET /v1/access?ring=default': [200, OPEN] });
    const { exitCode, stdout } = await cli.run(['access']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        'Ring:        default\nAccess:      open\nSince:       the beginning\nChange:      -\nPublishers:  keep\n',
    });
  });

  it('shows the lists, each snap since when and by which change request', async () => {
    const big = { ...TOOL, name: 'lab-big', because: 'PublisherChanged' };
    const policy = {
      ...OPEN,
      ring: 'pilot',
      access: 'gated',
      since: SINCE,
      denied: [TOOL],
      blocked: [big],
      publisherChanges: 'block',
    };
    await cli.control({ 'GET /v1/access?ring=pilot': [200, policy] });
    const { stdout } = await cli.run(['access', 'pilot']);
    expect(stdout).toBe(
      'Ring:        pilot\n' +
        'Access:      gated\n' +
        'Since:       2026-11-22T12:48:14.123Z\n' +
        'Change:      CR-2026-0041\n' +
        'Publishers:  block\n' +
        '\n' +
        'List                        Name      Snap-id                           Since                     Change\n' +
        'denied                      lab-tool  labtoolidlabtoolidlabtoolidlab02  2026-11-22T12:48:14.123Z  CR-2026-0041\n' +
        'blocked (PublisherChanged)  lab-big   labtoolidlabtoolidlabtoolidlab02  2026-11-22T12:48:14.123Z  CR-2026-0041\n',
    );
  });
});

describe('set-access', () => {
  it('submits a change request, and says what is in force meanwhile', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, drafted(OPEN)] });
    const { exitCode, stdout } = await cli.run(['set-access', 'gated', ...REASON]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'CR-2026-0042 submitted\nring default is open\n',
    });
    expect(seen[0]?.body).toMatchObject({
      ring: 'default',
      items: [{ kind: 'access', access: 'gated' }],
      submit: true,
    });
  });

  it('takes no other word, and says which there are', async () => {
    const { seen } = await cli.control({});
    expect(await cli.run(['set-access', 'shut', ...REASON])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"shut" is no access policy: open, or gated') as string,
    });
    expect(seen).toEqual([]);
  });
});

describe('set-publisher-changes', () => {
  it('submits a change request, and says what is in force meanwhile', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, drafted(OPEN)] });
    const { stdout } = await cli.run(['set-publisher-changes', 'block', ...REASON]);
    expect(stdout).toBe(
      'CR-2026-0042 submitted\nring default keeps serving a snap whose publisher does something alarming\n',
    );
    expect(seen[0]?.body).toMatchObject({
      items: [{ kind: 'publisher-changes', publisherChanges: 'block' }],
    });
  });

  it('takes no other word', async () => {
    await cli.control({});
    expect(await cli.run(['set-publisher-changes', 'ignore', ...REASON])).toMatchObject({ exitCode: 2 });
  });
});

describe('unblock', () => {
  it('submits one change request for all snaps', async () => {
    const inForce = drafted({ ...OPEN, blocked: [{ ...TOOL, because: 'PublisherChanged' }] });
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, inForce] });
    const { stdout } = await cli.run(['unblock', 'lab-tool', 'lab-big', ...REASON]);
    expect(stdout).toBe(
      'CR-2026-0042 submitted\n' +
        'lab-tool is blocked in ring default\n' +
        'lab-big is not blocked in ring default\n',
    );
    expect(seen[0]?.body).toMatchObject({
      items: [
        { kind: 'unblock', snap: 'lab-tool' },
        { kind: 'unblock', snap: 'lab-big' },
      ],
    });
  });
});

describe.each(['deny', 'allow'] as const)('%s', (kind) => {
  it('submits one change request for all snaps', async () => {
    const inForce = drafted({ ...OPEN, denied: [TOOL] });
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, inForce] });
    const { stdout } = await cli.run([kind, 'lab-tool', 'lab-big', '--ring', 'pilot', ...REASON]);
    expect(stdout).toBe(
      'CR-2026-0042 submitted\n' +
        'lab-tool is denied in ring default\n' +
        'lab-big is neither denied nor allowed in ring default\n',
    );
    expect(seen[0]?.body).toMatchObject({
      ring: 'pilot',
      items: [
        { kind, snap: 'lab-tool', listed: true },
        { kind, snap: 'lab-big', listed: true },
      ],
    });
  });

  it('takes them off the list with --remove', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': [202, drafted(OPEN)] });
    await cli.run([kind, 'lab-tool', '--remove', ...REASON]);
    expect(seen[0]?.body).toMatchObject({ items: [{ kind, snap: 'lab-tool', listed: false }] });
  });

  it('takes the names of snaps', async () => {
    const { seen } = await cli.control({});
    expect(await cli.run([kind, 'Lab/Tool', ...REASON])).toMatchObject({ exitCode: 2 });
    expect(seen).toEqual([]);
  });
});
