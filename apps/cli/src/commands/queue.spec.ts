import { beforeEach, describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const record = (id: string) => ({
  id,
  ring: 'default',
  author: { id: 'person-1', name: 'Ada Lovelace' },
  reason: { code: 'security-fix', text: 'CVE-2026-1234 fixed in 1722' },
  submittedAt: '2026-11-22T12:48:14.123Z',
  items: [],
  changes: [],
});
const digestOf = (id: string) => recordDigest({ record: 'change-request', ...record(id) });
const queued = (id: string, marks: readonly object[] = []) => {
  const { ring, author, reason, submittedAt } = record(id);
  const missing = ['1 more signature, 1 with the role qa'];
  return {
    id,
    kind: 'approval',
    ring,
    author: author.name,
    reason,
    submittedAt,
    changes: 2,
    marks,
    markCount: marks.length,
    missing,
  };
};
const view = (id: string) => ({
  ...record(id),
  status: 'captured',
  record: record(id),
  recordDigest: digestOf(id),
  signatures: [],
  missing: [],
  history: [],
});
const [FIRST, SECOND] = ['CR-2026-0003', 'CR-2026-0004'] as const;
const mark = { of: 'core18 1722', code: 'new-hook', text: 'hook install\u001b[2J: runs by itself' };
const waiting = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, openedBy: 'Eva', openedAt: '2026-11-22T12:48:14.123Z', asksYou: id !== 'AR-0002' }));
const overdue = (name: string, asksYou: boolean) => ({
  ring: 'pilot',
  name,
  channel: 'latest/stable',
  architecture: 'amd64',
  version: '7',
  upstream: '9',
  since: '2026-10-01T08:00:00.000Z',
  at: '2026-11-20T08:00:00.000Z',
  days: 50,
  asksYou,
});
const ANSWERS = {
  'GET /v1/due-reviews': [
    200,
    {
      kinds: [
        {
          kind: 'access',
          last: null,
          nextDue: null,
          overdue: false,
          reviewedUpTo: null,
          waiting: waiting('AR-0002', 'AR-0003'),
        },
      ],
    },
  ],
  'GET /v1/overdue-holds': [200, { holds: [overdue('core22', true), overdue('lxd', false)] }],
  'GET /v1/signing-queue': [200, { requests: [queued(FIRST, [mark]), queued(SECOND)], more: true }],
  [`GET /v1/change-requests/${FIRST}`]: [200, view(FIRST)],
  [`GET /v1/change-requests/${SECOND}`]: [200, view(SECOND)],
  [`POST /v1/change-requests/${FIRST}/approve`]: [200, { id: FIRST, status: 'approved', cursor: '8' }],
  [`POST /v1/change-requests/${SECOND}/approve`]: [200, { id: SECOND, status: 'in-review', cursor: '9' }],
} as const;
const SIGN = ['queue', 'sign', '--reason', 'read at the board of Friday'];

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('queue', () => {
  it('lists what waits for one’s signature, with why, what is needed, and what to look at twice', async () => {
    await cli.control(ANSWERS);
    const { stdout, stderr } = await cli.run(['queue']);
    expect(stdout).toMatch(
      /^CR-2026-0003 {2}approval {2}default {2}Ada Lovelace {2}2026-11-22T12:48:14\.123Z {2}2 +1 +1 more signature, 1 with the role qa {2}security-fix: CVE-2026-1234/m,
    );
    expect(stdout).toContain(
      'Look twice    At           Why\nCR-2026-0003  core18 1722  hook install [2J: runs by itself\n',
    );
    expect(stderr).toContain('There are more than are listed');
    expect(stderr).toContain('AR-0003 waits to be reviewed: holdfast review sign AR-0003');
    expect(stderr).not.toContain('AR-0002');
  });

  it('fits what it lists, and what is to be signed, into a terminal of 80 columns', async () => {
    await cli.control(ANSWERS);
    cli.columns = 80;
    const { stdout } = await cli.run(['queue']);
    expect(stdout).toContain(`Id:          ${FIRST}\n`);
    const { stderr } = await cli.run(SIGN, ['first word\r', 'second word\r'], true);
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => !/sha256:|^Password/.test(line));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('R37: names the holds that wait to be evaluated by who asks', async () => {
    await cli.control(ANSWERS);
    const { stderr } = await cli.run(['queue']);
    expect(stderr).toContain(
      'core22 in pilot waits to be evaluated: holdfast holds evaluate core22 --ring pilot',
    );
    expect(stderr).not.toContain('lxd');
  });

  it('says when nothing waits', async () => {
    await cli.control({ 'GET /v1/signing-queue': [200, { requests: [], more: false }] });
    expect((await cli.run(['queue'])).stdout).toBe('nothing waits for your signature\n');
  });

  it('R22: signs one after the other, each record shown, and the password asked for each time', async () => {
    const { seen } = await cli.control(ANSWERS);
    const { stdout, stderr } = await cli.run(SIGN, ['first word\r', 'second word\r'], true);
    expect(stdout).toBe(`${FIRST} approved\n${SECOND} in-review\n`);
    for (const id of [FIRST, SECOND]) expect(stderr).toContain(`Digest:     sha256:${digestOf(id)}`);
    const signatures = seen.filter(({ request }) => request.startsWith('POST'));
    expect(signatures.map(({ body }) => body)).toMatchObject([
      { recordDigest: digestOf(FIRST), password: 'first word' },
      { recordDigest: digestOf(SECOND), password: 'second word' },
    ]);
  });

  it('says what is signed by then when a later one is refused, and how to ratify', async () => {
    const refused = problem(409, 'not-allowed-in-status', `${SECOND} is withdrawn`);
    const ratification = { ...queued('CR-2026-0001'), kind: 'ratification' };
    const requests = [ratification, queued(FIRST), queued(SECOND)];
    await cli.control({
      ...ANSWERS,
      'GET /v1/signing-queue': [200, { requests, more: false }],
      [`POST /v1/change-requests/${SECOND}/approve`]: refused,
    });
    const { exitCode, stdout, stderr } = await cli.run(SIGN, ['first word\r', 'second word\r'], true);
    expect([exitCode, stdout]).toEqual([5, `${FIRST} approved\n`]);
    expect(stderr).toContain('CR-2026-0001 waits to be ratified: holdfast emergency ratify CR-2026-0001');
  });

  it('R17: signs that it reviewed what waits for a review', async () => {
    const { seen } = await cli.control({
      ...ANSWERS,
      'GET /v1/signing-queue': [200, { requests: [{ ...queued(FIRST), kind: 'review' }], more: false }],
      [`POST /v1/change-requests/${FIRST}/review`]: [200, { id: FIRST, status: 'in-review', cursor: '9' }],
    });
    const { stdout, stderr } = await cli.run(SIGN, ['first word\r'], true);
    expect(stdout).toBe(`${FIRST} in-review\n`);
    expect(stderr).toContain(`Password, to review ${FIRST} with your signature`);
    expect(seen.filter(({ request }) => request.startsWith('POST'))).toMatchObject([
      { request: `POST /v1/change-requests/${FIRST}/review`, body: { recordDigest: digestOf(FIRST) } },
    ]);
  });

  it('leaves for later what no password is given for', async () => {
    const { seen } = await cli.control(ANSWERS);
    const { stdout, stderr } = await cli.run(SIGN, ['\r', 'second word\r'], true);
    expect(stdout).toBe(`${SECOND} in-review\n`);
    expect(stderr).toContain(`${FIRST} is left for later.`);
    expect(seen.filter(({ request }) => request.endsWith(`${FIRST}/approve`))).toEqual([]);
  });

  it('signs those alone that are named and wait', async () => {
    await cli.control(ANSWERS);
    const { stdout, stderr } = await cli.run([...SIGN, SECOND, 'CR-2026-0099'], 'second word\r', true);
    expect(stdout).toBe(`${SECOND} in-review\n`);
    expect(stderr).toContain('CR-2026-0099 does not wait for your signature.');
  });

  it('R22: signs nothing where nobody can be asked', async () => {
    const { seen } = await cli.control(ANSWERS);
    const { exitCode, stderr } = await cli.run(SIGN, 'first word\n');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('one request at a time: holdfast change approve');
    expect(seen.filter(({ request }) => request.startsWith('POST'))).toEqual([]);
  });
});
