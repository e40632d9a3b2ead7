import { beforeEach, describe, expect, it } from 'vitest';
import { REASON, RECORD, DIGEST, VIEW, APPROVED, SHOW } from '../../testing/lab-change.js';
import { TestCli } from '../../testing/test-cli.js';

let cli: TestCli;

const FIGURES = 'GET /v1/change-requests/CR-2026-0042/figures';
const FOUND = {
  id: 'CR-2026-0042',
  ring: 'pilot',
  figures: [{ name: 'lab-tool', subject: 'labtool', version: '12', offered: 9, downloaded: 7, installed: 5 }],
};

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('change', () => {
  it('verify says what came of it and what was looked at, and wants one outcome', async () => {
    const request = 'POST /v1/change-requests/CR-2026-0042/verify';
    const { seen: all } = await cli.control({
      [FIGURES]: [200, FOUND],
      [`${FIGURES}?ring=canary`]: [200, { ...FOUND, ring: 'canary' }],
      [request]: [200, { ...APPROVED, status: 'verification-failed' }],
    });
    const seen = () => all.filter(({ body }) => body !== undefined);
    const args = ['change', 'verify', 'CR-2026-0042', '--looked-at', 'three devices, per TP-88', ...REASON];
    expect(await cli.run([...args, '--failed'])).toMatchObject({
      exitCode: 0,
      stdout: 'CR-2026-0042 verification-failed\n',
      stderr: expect.stringMatching(
        /in ring pilot:\n[^]*^lab-tool +12 +9 devices +7 devices +5 devices$/m,
      ) as string,
    });
    expect(seen()).toMatchObject([{ body: { passed: false, lookedAt: 'three devices, per TP-88' } }]);
    expect(await cli.run(args)).toMatchObject({ exitCode: 2 });
    expect(await cli.run([...args, '--passed', '--failed'])).toMatchObject({ exitCode: 2 });
    expect(seen()).toHaveLength(1);
    await cli.run([...args, '--failed', '--ring', 'canary']);
    expect(seen()[1]).toMatchObject({ body: { ring: 'canary' } });
  });

  it('verify --dry-run shows what the delivery records say, and records nothing', async () => {
    const { seen } = await cli.control({ [FIGURES]: [200, FOUND] });
    const { exitCode, stdout } = await cli.run(['change', 'verify', 'CR-2026-0042', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^lab-tool +12 +9 devices +7 devices +5 devices$/m);
    expect(seen).toHaveLength(1);
    expect(await cli.run(['change', 'verify', 'CR-2026-0042', '--passed', ...REASON])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--looked-at') as string,
    });
  });

  it('show prints what a person found, and the figures of that moment', async () => {
    const verification = {
      by: { id: 'p', name: 'Eva Lind' },
      at: '2026-11-24T08:00:00.000Z',
      lookedAt: 'three devices, per TP-88',
      figures: [{ name: 'core18', subject: 'x', version: '1722', offered: 3, downloaded: 2, installed: 1 }],
      figuresLeftOut: 2,
    };
    await cli.control({ [SHOW]: [200, { ...VIEW, status: 'verified', missing: [], verification }] });
    const { stdout } = await cli.run(['change', 'show', 'CR-2026-0042']);
    expect(stdout).toContain('Looked at:      three devices, per TP-88\n');
    expect(stdout).toMatch(/^core18 +1722 +3 devices +2 devices +1 device\nand 2 more revisions\n/m);
  });

  it('show prints when a change may take effect', async () => {
    const window = { notBefore: '2026-12-01T21:00:00.000Z', notAfter: '2026-12-02T03:00:00.000Z' };
    const record = { ...RECORD, window };
    await cli.control({ [SHOW]: [200, { ...VIEW, window, record }] });
    const { stdout } = await cli.run(['change', 'show', RECORD.id]);
    expect(stdout).toMatch(
      /^Not before: +2026-12-01T21:00:00\.000Z\nNot after: +2026-12-02T03:00:00\.000Z$/m,
    );
  });

  it('show prints what an approved change waits for, and what one would that is not approved yet', async () => {
    const waits = { for: 'freeze', until: '2027-01-04T05:00:00.000Z', why: 'the books are\nclosed' };
    await cli.control({ [SHOW]: [200, { ...VIEW, status: 'scheduled', missing: [], waits }] });
    expect((await cli.run(['change', 'show', RECORD.id])).stdout).toMatch(
      /^Waits for: +the end of the freeze, until 2027-01-04T05:00:00\.000Z: the books are closed$/m,
    );
    await cli.control({ [SHOW]: [200, { ...VIEW, waits }] });
    expect((await cli.run(['change', 'show', RECORD.id])).stdout).toContain('Would wait for:  the end of');
  });

  it('show prints the ticket, and what its system said', async () => {
    const ticket = { system: 'servicedesk', id: 'CHG-7', url: 'https://tickets.example/CHG-7' };
    const at = '2026-11-24T08:00:00.000Z';
    const report = { message: 'm', ticket, revision: 1, state: 'rejected', by: 'jane\u001b[2J', at };
    const record = { ...RECORD, ticket };
    await cli.control({ [SHOW]: [200, { ...VIEW, record, ticket, ticketReports: [report] }] });
    const { stdout } = await cli.run(['change', 'show', RECORD.id]);
    expect(stdout).toMatch(/^Ticket: +servicedesk CHG-7 \(https:\/\/tickets\.example\/CHG-7\)$/m);
    expect(stdout).toMatch(/^servicedesk CHG-7 +rejected +jane \[2J +2026-11-24T08:00:00\.000Z +1$/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('show prints the files that are signed with the record', async () => {
    const by = { id: 'p', name: 'Ada Lovelace' };
    const at = '2026-11-24T08:00:00.000Z';
    const file = { name: 'report "7".pdf', mediaType: 'application/pdf', size: 12, by, at };
    const attachments = [{ ...file, attachment: 'a'.repeat(64), sha3_384: 'b'.repeat(96) }];
    await cli.control({ [SHOW]: [200, { ...VIEW, record: { ...RECORD, attachments } }] });
    const { stdout } = await cli.run(['change', 'show', RECORD.id]);
    expect(stdout).toMatch(
      /^Attachment: +"report \\"7\\"\.pdf" \(application\/pdf, 12 bytes, of Ada Lovelace\) sha256:a{64}$/m,
    );
  });

  it('revise follows the ticket that there is, or another one', async () => {
    const request = 'POST /v1/change-requests/CR-2026-0042/revise';
    const ticket = { system: 'servicedesk', id: 'CHG-7', url: 'https://tickets.example/CHG-7' };
    const { seen } = await cli.control({
      [SHOW]: [200, { ...VIEW, ticket }],
      [request]: [202, { ...APPROVED, status: 'submitted' }],
    });
    const args = ['change', 'revise', 'CR-2026-0042', ...REASON];
    await cli.run(args);
    expect(seen.at(-1)).toMatchObject({ body: { ticket } });
    await cli.run([...args, '--external-ticket', 'servicedesk:CHG-8=https://tickets.example/?q=CHG-8']);
    const other = { system: 'servicedesk', id: 'CHG-8', url: 'https://tickets.example/?q=CHG-8' };
    expect(seen.at(-1)).toMatchObject({ body: { ticket: other } });
    for (const wrong of ['CHG-8', 'servicedesk:CHG-8', ':CHG-8=https://tickets.example'])
      expect(await cli.run([...args, '--external-ticket', wrong])).toMatchObject({ exitCode: 2 });
  });

  it('revise sends other overrides, or the same items again', async () => {
    const request = 'POST /v1/change-requests/CR-2026-0042/revise';
    const items = [
      ...RECORD.items,
      { kind: 'access', access: 'gated' },
      { kind: 'deny', format: 'snap', name: 'lab-tool', listed: true },
    ];
    const { seen } = await cli.control({
      [SHOW]: [200, { ...VIEW, items }],
      [request]: [202, { ...APPROVED, status: 'submitted' }],
    });
    const args = ['change', 'revise', 'CR-2026-0042'];
    expect(await cli.run([...args, 'core18', 'stable=1725', ...REASON])).toMatchObject({
      exitCode: 0,
      stdout: 'CR-2026-0042 submitted\n',
    });
    expect(seen.at(-1)).toMatchObject({
      body: { items: [{ snap: 'core18', channel: 'stable', revision: 1725 }], submit: true },
    });
    const again = [...args, '--draft', '--not-after', '2026-12-02T04:00+01:00', ...REASON];
    expect(await cli.run(again)).toMatchObject({ exitCode: 0 });
    expect(seen.at(-1)).toMatchObject({
      request,
      body: {
        submit: false,
        notAfter: '2026-12-02T03:00:00.000Z',
        items: [
          { snap: 'core18', channel: 'stable', revision: 1722 },
          { kind: 'access', access: 'gated' },
          { kind: 'deny', snap: 'lab-tool', listed: true },
        ],
      },
    });
  });

  it('comment says it, and show prints comments, what was before, and what took its place', async () => {
    const request = 'POST /v1/change-requests/CR-2026-0042/comments';
    const signature = {
      printedName: 'Ben Okafor',
      signedAt: '2026-11-23T08:00:00.000Z',
      meaning: 'approved',
    };
    const earlier = {
      revision: 1,
      status: 'in-review',
      reason: RECORD.reason,
      recordDigest: DIGEST,
      signatures: [signature],
    };
    const comments = [
      { by: { id: 'p', name: 'Eva' }, at: '2026-11-23T09:00:00.000Z', text: 'not on\u001b[2J\nFridays' },
    ];
    const view = {
      ...VIEW,
      status: 'superseded',
      supersededBy: 'CR-2026-0043',
      earlier: [earlier],
      comments,
    };
    const { seen } = await cli.control({ [request]: [200, APPROVED], [SHOW]: [200, view] });
    expect(await cli.run(['change', 'comment', 'CR-2026-0042', 'not on Fridays'])).toMatchObject({
      exitCode: 0,
    });
    expect(seen).toMatchObject([{ body: { text: 'not on Fridays' } }]);
    const { stdout } = await cli.run(['change', 'show', 'CR-2026-0042']);
    expect(stdout).toMatch(/^Status: +superseded by CR-2026-0043$/m);
    expect(stdout).toMatch(/^1 +in-review +.*Ben Okafor 2026-11-23T08:00:00\.000Z approved/m);
    expect(stdout).toContain('\n2026-11-23T09:00:00.000Z Eva: not on [2J Fridays\n');
  });
});
