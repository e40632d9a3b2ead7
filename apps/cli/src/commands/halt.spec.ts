import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const TEXT = 'two lines stand still since the refresh of 10:40';
const REASON = ['--reason', TEXT];
const SENT = { code: 'other', text: TEXT };
const RINGS = [200, { rings: ['default', 'pilot'] }] as const;
const TOOL = { name: 'lab-tool', snapId: 'labtoolidlabtoolidlabtoolidlab02', known: true };
const halted = (ring: string, snaps: readonly object[] | null = [TOOL]) =>
  [200, { ring, snaps, cursor: '17' }] as const;
const ACCESS = {
  ring: 'pilot',
  access: 'open',
  since: null,
  denied: [],
  allowed: [],
  blocked: [],
  publisherChanges: 'keep',
  publisherChangesSince: null,
  halts: [
    { position: '41', at: '2026-11-22T12:48:14.123Z', by: 'Olga Ops', why: TEXT },
    { position: '44', at: '2026-11-22T13:02:00.000Z', by: 'Pete Ops', why: 'a wrong label' },
  ],
  halted: [],
};

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('halt', () => {
  it('halts the ring that has the name', async () => {
    const { seen } = await cli.control({
      'GET /v1/rings': RINGS,
      'POST /v1/rings/pilot/halt': halted('pilot', null),
    });
    const { exitCode, stdout } = await cli.run(['halt', 'pilot', ...REASON]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'ring pilot is halted\n' });
    expect(seen.at(-1)?.body).toEqual({ reason: SENT });
  });

  it('halts a snap in every ring, or in one', async () => {
    const { seen } = await cli.control({
      'GET /v1/rings': RINGS,
      'POST /v1/rings/default/halt': halted('default'),
      'POST /v1/rings/pilot/halt': halted('pilot'),
    });
    expect((await cli.run(['halt', 'lab-tool', ...REASON])).stdout).toBe(
      'lab-tool (labtoolidlabtoolidlabtoolidlab02) is halted in ring default\n' +
        'lab-tool (labtoolidlabtoolidlabtoolidlab02) is halted in ring pilot\n',
    );
    expect(seen.at(-1)?.body).toEqual({ snap: 'lab-tool', reason: SENT });
    const posts = () => seen.filter(({ request }) => request.startsWith('POST ')).length;
    const before = posts();
    await cli.run(['halt', 'lab-tool', '--ring', 'pilot', ...REASON]);
    expect(posts() - before).toBe(1);
  });

  it('goes on in the other rings where one refuses, says which, and fails', async () => {
    await cli.control({
      'GET /v1/rings': RINGS,
      'POST /v1/rings/default/halt': problem(404, 'snap-not-known', 'no snap lab-tool is known here'),
      'POST /v1/rings/pilot/halt': halted('pilot'),
    });
    const { exitCode, stdout, stderr } = await cli.run(['halt', 'lab-tool', ...REASON]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain('is halted in ring pilot');
    expect(stderr).toContain('NOT HALTED in ring default: no snap lab-tool is known here');
  });

  it('says what else there is where neither a ring nor a snap has the name', async () => {
    const refused = problem(404, 'snap-not-known', 'no snap pilto is known here: give its snap-id instead');
    await cli.control({
      'GET /v1/rings': RINGS,
      'POST /v1/rings/default/halt': refused,
      'POST /v1/rings/pilot/halt': refused,
    });
    const { exitCode, stdout, stderr } = await cli.run(['halt', 'pilto', ...REASON]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(
      /^error: NOTHING IS HALTED\. No ring is named pilto: there are default, pilot\. And no snap pilto is known here: give its snap-id instead/,
    );
    expect(stderr.split('NOT')).toHaveLength(2);
  });

  it('says what devices get, and how it goes on', async () => {
    await cli.control({ 'GET /v1/rings': RINGS, 'POST /v1/rings/pilot/halt': halted('pilot', null) });
    const { stderr } = await cli.run(['halt', 'pilot', ...REASON]);
    expect(stderr).toContain('Devices keep what they have');
    expect(stderr).toContain('holdfast resume pilot --reason');
    expect((await cli.run(['--format', 'json', 'halt', 'pilot', ...REASON])).stderr).toBe('');
  });

  it('warns of an id that nobody has met', async () => {
    await cli.control({
      'GET /v1/rings': RINGS,
      'POST /v1/rings/pilot/halt': halted('pilot', [{ ...TOOL, name: TOOL.snapId, known: false }]),
    });
    const { exitCode, stderr } = await cli.run(['halt', TOOL.snapId, '--ring', 'pilot', ...REASON]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`No device here was ever offered ${TOOL.snapId}`);
  });

  it('takes a reason, and what can be a name', async () => {
    const { seen } = await cli.control({ 'GET /v1/rings': RINGS });
    expect(await cli.run(['halt', 'pilot'])).toMatchObject({ exitCode: 2 });
    expect(await cli.run(['halt', 'lab/tool', ...REASON])).toMatchObject({ exitCode: 2 });
    expect(seen.filter(({ request }) => request.startsWith('POST '))).toEqual([]);
  });
});

describe('resume', () => {
  const submitted = [
    202,
    { id: 'CR-2026-0042', status: 'submitted', cursor: '17', inForce: [], accessInForce: ACCESS },
  ] as const;

  it('submits a change request for the ring that has the name', async () => {
    const { seen } = await cli.control({ 'GET /v1/rings': RINGS, 'POST /v1/change-requests': submitted });
    const { stdout } = await cli.run(['resume', 'pilot', ...REASON]);
    expect(stdout).toBe('CR-2026-0042 submitted\nring pilot is halted\n');
    expect(seen.at(-1)?.body).toMatchObject({ ring: 'pilot', items: [{ kind: 'resume-ring' }] });
  });

  it('submits one for a snap in a ring', async () => {
    const { seen } = await cli.control({ 'POST /v1/change-requests': submitted });
    const { stdout } = await cli.run(['resume', 'lab-tool', '--ring', 'pilot', ...REASON]);
    expect(stdout).toBe('CR-2026-0042 submitted\nlab-tool is not halted in ring pilot\n');
    expect(seen.at(-1)?.body).toMatchObject({ ring: 'pilot', items: [{ kind: 'resume', snap: 'lab-tool' }] });
  });
});

it('access shows each halt of a ring, since when, by whom and why', async () => {
  await cli.control({ 'GET /v1/access?ring=pilot': [200, ACCESS] });
  const { stdout } = await cli.run(['access', 'pilot']);
  expect(stdout).toContain(
    `Halted:      since 2026-11-22T12:48:14.123Z by Olga Ops: ${TEXT}\n` +
      'Halted:      since 2026-11-22T13:02:00.000Z by Pete Ops: a wrong label\n',
  );
});
