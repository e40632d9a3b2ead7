import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { problem } from '../../testing/control-fixture.js';
import { pdfText } from '../../testing/pdf-text.js';
import { TestCli } from '../../testing/test-cli.js';

const right = (login: string, role: string | null) => ({
  of: 'right',
  person: `id-of-${login}`,
  login,
  name: `${login} \u001b[2J Meier`,
  role,
  ring: role === 'approver' ? 'pilot' : null,
});
const ana = { id: 'id-of-ana', name: 'Ana' };
const record = {
  id: 'AR-0003',
  openedBy: ana,
  openedAt: '2026-12-01T10:30:00.000Z',
  reason: { code: 'other', text: 'the review of the quarter' },
  nextDue: '2027-03-01T10:30:00.000Z',
  content: {
    kind: 'access',
    scope: { asOf: '2026-12-01T10:30:00.000Z', size: '41' },
    lines: [
      right('ana', 'qa'),
      right('ben', 'approver'),
      right('cyd', null),
      {
        of: 'token',
        person: 'id-of-cyd',
        login: 'cyd',
        name: 'Cyd',
        token: 'nightly',
        rings: ['pilot'],
        expiresAt: '2027-01-01T00:00:00.000Z',
      },
    ],
  },
  decisions: [{ line: 2, decision: 'revoke', by: ana, comment: 'left the team' }],
  findings: [
    {
      kind: 'deviation',
      text: 'a right without a request',
      ticket: 'DEV-12',
      position: '7',
      by: ana,
      at: '2026-12-01T11:00:00.000Z',
    },
  ],
};
const OPEN = { finding: 1, due: '2026-12-31T11:00:00.000Z', overdue: true, escalated: true, closed: null };
const CLOSED = {
  finding: 1,
  by: { id: 'id-of-ben', name: 'Ben' },
  at: '2026-12-20T11:00:00.000Z',
  ticket: 'CAPA-12',
};
const digestOf = (of: object) => recordDigest({ record: 'review', ...of });
const signature = {
  meaning: 'reviewed',
  signer: 'id-of-ana',
  printedName: 'Ana Roth',
  signedAt: '2026-12-01T12:00:00.000Z',
  components: ['password'],
  credential: 'c',
  recordDigest: digestOf(record),
  counts: true,
};
const view = (more: object = {}) => ({
  id: 'AR-0003',
  status: 'open',
  meaning: 'reviewed',
  record,
  recordDigest: digestOf(record),
  signatures: [signature],
  missing: ['a signature of somebody else for lines 1'],
  stillHeld: [2],
  deviations: [OPEN],
  history: [
    {
      position: '41',
      id: 'event-41',
      type: 'ReviewOpened',
      at: '2026-12-01T10:30:00.000Z',
      zone: 'Europe/Zurich',
      actor: { kind: 'person', id: 'id-of-ana', name: 'Ana' },
      reason: record.reason,
    },
  ],
  ...more,
});
const outcome = [200, { id: 'AR-0003', status: 'open', cursor: '9' }] as const;
const SHOW = 'GET /v1/reviews/AR-0003';
const REASON = ['--reason', 'the review of the quarter'];
const reason = { code: 'other', text: 'the review of the quarter' };

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('review', () => {
  it('R28: opens a review of access, and shows what is to be decided', async () => {
    const fixture = await cli.control({ 'POST /v1/reviews/access': outcome, [SHOW]: [200, view()] });
    const { exitCode, stdout } = await cli.run([
      'review',
      'access',
      '--as-of',
      '2026-12-01T11:30+01:00',
      ...REASON,
    ]);
    expect(exitCode).toBe(0);
    expect(fixture.seen[0]?.body).toEqual({ asOf: '2026-12-01T10:30:00.000Z', reason });
    expect(stdout).toMatch(
      /^2 +ben +ben +\[2J Meier +approver +pilot +revoke +Ana +left the team +still there$/m,
    );
    expect(stdout).toMatch(/^3 +cyd .* account without a role +-/m);
    expect(stdout).toMatch(/^4 +cyd +Cyd +token nightly, until 2027-01-01 +pilot +-/m);
    expect(stdout).toMatch(
      /^deviation +Ana +2026-12-01T11:00:00.000Z +a right without a request; position 7; DEV-12$/m,
    );
    expect(stdout).toContain('Needed: a signature of somebody else for lines 1');
  });

  it('R36, R12: opens one of a period, and one of the trail', async () => {
    const fixture = await cli.control({
      'POST /v1/reviews/periodic': outcome,
      'POST /v1/reviews/trail': outcome,
      [SHOW]: [200, view()],
    });
    const period = ['--from', '2026-01-01T00:00Z', '--next-due', '2027-06-01T00:00Z'];
    expect((await cli.run(['review', 'periodic', ...period, ...REASON])).exitCode).toBe(0);
    expect((await cli.run(['review', 'trail', '--to', '41', ...REASON])).exitCode).toBe(0);
    const bodies = fixture.seen.filter(({ body }) => body !== undefined).map(({ body }) => body);
    expect(bodies).toEqual([
      { from: '2026-01-01T00:00:00.000Z', nextDue: '2027-06-01T00:00:00.000Z', reason },
      { to: '41', reason },
    ]);
  });

  it('R28: decides on lines, and keeps those that are left and not one’s own', async () => {
    const fixture = await cli.control({
      'GET /v1/me': [200, { id: 'id-of-ana', login: 'ana' }],
      'POST /v1/reviews/AR-0003/decisions': outcome,
      [SHOW]: [200, view()],
    });
    const words = ['--revoke', '4', '--comment', 'nobody runs it', '--keep-rest'];
    const { stdout } = await cli.run(['review', 'decide', 'AR-0003', ...words, ...REASON]);
    expect(stdout).toBe('AR-0003: 2 lines decided\n');
    expect(fixture.seen.find(({ body }) => body !== undefined)?.body).toEqual({
      decisions: [
        { line: 4, decision: 'revoke', comment: 'nobody runs it' },
        { line: 3, decision: 'keep' },
      ],
      reason,
    });
    for (const wrong of [['--keep', '0'], ['--keep', '5-2'], ['--keep', 'all'], []])
      expect((await cli.run(['review', 'decide', 'AR-0003', ...wrong, ...REASON])).exitCode).toBe(2);
  });

  it('R16: records a deviation with its ticket', async () => {
    const fixture = await cli.control({ 'POST /v1/reviews/AR-0003/findings': outcome });
    const words = ['review', 'finding', 'AR-0003', 'a right without a request', '--kind', 'deviation'];
    expect((await cli.run([...words, '--ticket', 'DEV-12', '--position', '7', ...REASON])).exitCode).toBe(0);
    expect(fixture.seen[0]?.body).toEqual({
      kind: 'deviation',
      text: 'a right without a request',
      position: '7',
      ticket: 'DEV-12',
      reason: { ...reason, ticket: 'DEV-12' },
    });
  });

  it('R16: says by when a deviation is to be closed', async () => {
    const fixture = await cli.control({ 'POST /v1/reviews/AR-0003/findings': outcome });
    const words = ['review', 'finding', 'AR-0003', 'a right without a request', '--kind', 'deviation'];
    const due = ['--ticket', 'DEV-12', '--due', '2026-12-15T01:00+01:00'];
    expect((await cli.run([...words, ...due, ...REASON])).exitCode).toBe(0);
    expect(fixture.seen[0]?.body).toMatchObject({ due: '2026-12-15T00:00:00.000Z' });
  });

  it('R16: lists deviations that are open, and closes one with what was done about it', async () => {
    const open = {
      review: 'AR-0003',
      text: 'a right \u001b[2J without a request',
      foundBy: 'Ana',
      foundAt: '2026-12-01T11:00:00.000Z',
      ticket: 'DEV-12',
      position: null,
      ...OPEN,
    };
    const closed = { ...open, finding: 2, overdue: false, closed: CLOSED };
    const fixture = await cli.control({
      'GET /v1/deviations?status=open&limit=500': [200, { deviations: [open], next: null }],
      'GET /v1/deviations?status=all&limit=500': [200, { deviations: [open, closed], next: null }],
      'POST /v1/reviews/AR-0003/closed-deviations': outcome,
    });
    expect((await cli.run(['review', 'deviations'])).stdout).toMatch(
      /^AR-0003 +1 +2026-12-01 +Ana +DEV-12 +2026-12-31 +open, overdue +a right +\[2J without a request$/m,
    );
    expect((await cli.run(['review', 'deviations', '--all'])).stdout).toMatch(
      /^AR-0003 +2 .* closed by Ben at 2026-12-20T11:00:00.000Z, CAPA-12 /m,
    );
    const words = ['review', 'close-deviation', 'AR-0003', '2'];
    const { stdout } = await cli.run([...words, '--capa', 'CAPA-12', ...REASON]);
    expect(stdout).toBe('AR-0003: deviation 2 is closed with CAPA-12\n');
    expect(fixture.seen.at(-1)?.body).toEqual({ finding: 2, ticket: 'CAPA-12', reason });
    expect((await cli.run([...words, ...REASON])).exitCode).toBe(2);
    expect((await cli.run(['review', 'close-deviation', 'AR-0003', 'two', ...REASON])).exitCode).toBe(2);
  });

  it('R16: shows what became of the deviations of a review', async () => {
    await cli.control({ [SHOW]: [200, view({ deviations: [{ ...OPEN, finding: 1, closed: CLOSED }] })] });
    expect((await cli.run(['review', 'show', 'AR-0003'])).stdout).toMatch(
      /^1 +2026-12-31T11:00:00.000Z +closed by Ben at 2026-12-20T11:00:00.000Z, CAPA-12$/m,
    );
  });

  it('R17, R22: signs what it shows, with the password asked for', async () => {
    const fixture = await cli.control({
      [SHOW]: [200, view({ signatures: [] })],
      'POST /v1/reviews/AR-0003/sign': [200, { id: 'AR-0003', status: 'completed', cursor: '9' }],
    });
    const { stdout, stderr } = await cli.run(
      ['review', 'sign', 'AR-0003', '--password-stdin', ...REASON],
      'a good password\n',
    );
    expect(stdout).toBe('AR-0003 completed\n');
    expect(stderr).toContain(`Digest:        sha256:${digestOf(record)}`);
    expect(stderr).toContain('Meaning:       reviewed');
    expect(fixture.seen.at(-1)?.body).toEqual({
      recordDigest: digestOf(record),
      password: 'a good password',
      reason,
    });
  });

  it('R19: signs nothing whose digest is not that of what is shown, or of what was shown before', async () => {
    await cli.control({ [SHOW]: [200, view({ record: { ...record, findings: [] } })] });
    const lied = await cli.run(['review', 'sign', 'AR-0003', '--password-stdin', ...REASON], 'a password\n');
    expect(lied).toMatchObject({ exitCode: 6, stdout: '' });
    await cli.control({ [SHOW]: [200, view()] });
    const other = ['--record-digest', 'f'.repeat(64), '--password-stdin'];
    const changed = await cli.run(['review', 'sign', 'AR-0003', ...other, ...REASON], 'a password\n');
    expect(changed).toMatchObject({ exitCode: 6, stdout: '' });
  });

  it('R13: says why somebody may not sign', async () => {
    await cli.control({
      [SHOW]: [200, view()],
      'POST /v1/reviews/AR-0003/sign': problem(403, 'reviewer-acted', 'Ana acted in the range'),
    });
    const { exitCode, stderr } = await cli.run(
      ['review', 'sign', 'AR-0003', '--password-stdin', ...REASON],
      'a password\n',
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain('Ana acted in the range');
  });

  it('R19: signs with a security key at the page, and waits for that signature', async () => {
    const after = view({ status: 'completed' });
    let asked = 0;
    await cli.control({
      get [SHOW]() {
        return [200, asked++ < 2 ? view({ signatures: [] }) : after] as const;
      },
      'GET /v1/me/security-keys': [200, { securityKeys: [], page: 'https://holdfast.example/security-key' }],
      'GET /v1/me': [200, { id: 'id-of-ana', login: 'ana' }],
    });
    const { stdout, stderr } = await cli.run(['review', 'sign', 'AR-0003', '--security-key', ...REASON]);
    expect(stdout).toBe('AR-0003 completed\n');
    expect(stderr).toContain(`#review=AR-0003&digest=${digestOf(record)}&code=other&reason=the+review`);
  });

  it('R12: lists reviews, and those that are due', async () => {
    const listed = {
      id: 'TR-0002',
      kind: 'trail',
      status: 'completed',
      openedBy: 'Ana',
      openedAt: '2026-12-01T10:30:00.000Z',
      nextDue: '2026-12-31T10:30:00.000Z',
      lines: 7,
      findings: 1,
      signedBy: ['Ana Roth'],
      firstPosition: '41',
    };
    const waiting = [{ id: 'TR-0003', openedBy: 'Ben', openedAt: listed.openedAt, asksYou: true }];
    const due = {
      kind: 'trail',
      last: 'TR-0002',
      nextDue: listed.nextDue,
      overdue: true,
      reviewedUpTo: '41',
    };
    await cli.control({
      'GET /v1/reviews?kind=trail&limit=500': [200, { reviews: [listed], next: null }],
      'GET /v1/due-reviews': [200, { kinds: [{ ...due, waiting }] }],
    });
    expect((await cli.run(['review', 'list', '--kind', 'trail'])).stdout).toMatch(
      /^TR-0002 +trail +completed +2026-12-01 +Ana +7 +1 +Ana Roth +2026-12-31$/m,
    );
    expect((await cli.run(['review', 'due'])).stdout).toMatch(
      /^trail +TR-0002 +2026-12-31 +overdue +41 +TR-0003 \(for you\)$/m,
    );
  });

  it('R17, R36: prints a review with name, time, zone and meaning of each signature', async () => {
    await cli.control({
      [SHOW]: [200, view()],
      'GET /v1/status': [200, { site: { origin: 'site.example/log' } }],
      'POST /v1/record-copies': [200, { cursor: '9' }],
    });
    const file = join(cli.folder, 'review.pdf');
    const { exitCode, stdout } = await cli.run(['review', 'show', 'AR-0003', '--pdf', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${file}: AR-0003, open\n` });
    const text = pdfText(readFileSync(file)).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('Review AR-0003 (access): site.example/log');
    expect(text).toContain(
      'Ana Roth 2026-12-01 12:00:00 UTC (2026-12-01 13:00:00 GMT+01:00 Europe/Zurich) reviewed',
    );
    expect(text).toContain('revoke (still there) Ana left the team');
    expect(text).toMatch(/finding 1 2026-12-31 11:00:00 UTC \(.*\) open, overdue/);
    expect(text).toContain('Needed: a signature of somebody else for lines 1');
    expect((await cli.run(['review', 'show', 'AR-0003', '--pdf', file])).exitCode).toBe(1);
  });
});
