import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { problem } from '../testing/control-fixture.js';
import { pdfText } from '../testing/pdf-text.js';
import { TestCli } from '../testing/test-cli.js';

const target = { format: 'snap', subject: 'id', channel: 'latest/stable', architecture: 'amd64' };
const difference = {
  lines: [{ what: 'base', old: 'core22', new: 'core24' }],
  marks: [{ code: 'new-hook', text: 'hook install\u202e: runs by itself' }],
};
const choice = (version: string) => ({ version, manifest: version.repeat(64) });
const record = (id: string) => ({
  id,
  ring: 'production',
  author: { id: 'person-1', name: 'Žofie Ångström' },
  reason: { code: 'security-fix', text: 'CVE-2026-1234 is fixed', ticket: 'CHG-7' },
  submittedAt: '2026-07-01T10:00:00.000Z',
  items: [],
  changes: [{ target, name: 'lab-hello', old: choice('1'), new: choice('2'), difference }],
});
const digestOf = (id: string) => recordDigest({ record: 'change-request', ...record(id) });
const signature = {
  signer: 'person-2',
  components: ['password'],
  credential: 'c',
  recordDigest: digestOf('CR-2026-0009'),
  printedName: 'Ben Okafor',
  signedAt: '2026-12-01T10:30:00.000Z',
  meaning: 'approved',
  roles: ['approver'],
  policyVersion: 3,
  counts: true,
};
const view = (id: string, more: object = {}) => ({
  ...record(id),
  status: 'captured',
  record: record(id),
  recordDigest: digestOf(id),
  signatures: [],
  missing: ['1 more signature, 1 with the role qa'],
  history: [
    {
      position: '41',
      type: 'ArtefactsCaptured',
      at: '2026-07-01T10:01:00.000Z',
      actor: { id: 'worker' },
      reason: { code: 'capture', text: 'it was submitted' },
    },
  ],
  ...more,
});
const event = (position: string, type: string) => ({
  position,
  id: `event-${position}`,
  type,
  at: '2026-12-01T10:30:00.000Z',
  zone: 'Europe/Zurich',
  offset: '+01:00',
  stream: 'change-request/CR-2026-0009',
  actor: { kind: 'person', id: 'person-2', name: 'Ben Okafor' },
  reason: { code: 'tested', text: 'tested on three lines' },
});
const line = (id: string) => {
  return { id, ring: 'production', status: 'captured', author: 'A', firstPosition: '1', lastPosition: '41' };
};
const page = (...ids: readonly string[]) => [200, { changeRequests: ids.map(line), next: null }] as const;
const STATUS = [200, { site: { origin: 'site.example/log' } }] as const;
const LIST = 'GET /v1/change-requests?status';
const AGENDA = {
  'GET /v1/status': STATUS,
  'POST /v1/record-copies': [200, { cursor: '9' }],
  'GET /v1/overdue-holds': [200, { holds: [], updates: [] }],
  'GET /v1/rings': [200, { rings: [] }],
  [`${LIST}=captured&limit=500`]: page('CR-2026-0010', 'CR-2026-0002'),
  [`${LIST}=in-review&limit=500`]: page('CR-2026-0009'),
  [`${LIST}=approved&limit=500`]: page(),
  [`${LIST}=scheduled&limit=500`]: page(),
  // A plan whose later ring waits for a signature, and one whose rings wait for time alone.
  [`${LIST}=rolling-out&limit=500`]: page('CR-2026-0001', 'CR-2026-0003'),
  'GET /v1/change-requests/CR-2026-0001': [200, view('CR-2026-0001', { status: 'rolling-out', missing: [] })],
  'GET /v1/change-requests/CR-2026-0003': [
    200,
    view('CR-2026-0003', { status: 'rolling-out', missing: ['1 more signature, in ring production'] }),
  ],
  'GET /v1/change-requests/CR-2026-0002': [200, view('CR-2026-0002')],
  'GET /v1/change-requests/CR-2026-0009': [200, view('CR-2026-0009', { signatures: [signature] })],
  'GET /v1/change-requests/CR-2026-0010': [200, view('CR-2026-0010')],
  'GET /v1/audit?stream=change-request%2FCR-2026-0010&limit=1': [
    200,
    { events: [event('41', 'ArtefactsCaptured')], next: null },
  ],
} as const;
const words = (pages: readonly string[]) => pages.join(' ').replaceAll(/\s+/g, ' ');

let cli: TestCli;
let out: string;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  out = join(cli.folder, 'paper.pdf');
});

describe('agenda', () => {
  it('R37: has the holds that wait to be evaluated, what was taken on and is not applied, and another digest with them', async () => {
    const hold = {
      ring: 'pilot',
      name: 'core22',
      channel: 'latest/stable',
      architecture: 'amd64',
      version: '7',
      upstream: '9',
      since: '2026-10-01T08:00:00.000Z',
      at: '2026-11-20T08:00:00.000Z',
      days: 50,
      asksYou: false,
    };
    await cli.control(AGENDA);
    const { stdout: without } = await cli.run(['agenda', '--out', out, '--format', 'json']);
    const update = {
      ring: 'production',
      name: 'lab-tool',
      channel: 'latest/stable',
      architecture: 'amd64',
      version: '12',
      changeRequest: 'CR-2026-0002',
      status: 'in-review',
      since: '2026-10-01T08:00:00.000Z',
      days: 50,
    };
    await cli.control({ ...AGENDA, 'GET /v1/overdue-holds': [200, { holds: [hold], updates: [update] }] });
    const again = join(cli.folder, 'again.pdf');
    const { stdout } = await cli.run(['agenda', '--out', again, '--format', 'json']);
    const digest = (text: string) => (JSON.parse(text) as { readonly madeFrom: string }).madeFrom;
    expect(digest(stdout)).not.toBe(digest(without));
    const overdue = { holds: [hold], updates: [{ ...update, days: 51 }] };
    await cli.control({ ...AGENDA, 'GET /v1/overdue-holds': [200, overdue] });
    const nextDay = await cli.run(['agenda', '--out', join(cli.folder, 'next.pdf'), '--format', 'json']);
    expect(digest(nextDay.stdout)).toBe(digest(stdout));
    const read = words(pdfText(readFileSync(again)));
    expect(read).toContain('1 hold is older than upstream for too long, and waits to be evaluated.');
    expect(read).toContain('core22 7');
    expect(read).toContain('1 update was taken on long ago, and is not applied.');
    expect(read).toContain('lab-tool 12 latest/stable amd64 CR-2026-0002, in- review 2026-10-01');
  });

  it('R38: names the rings in which one person signs a hold without an end', async () => {
    const rule = (approvals: number) => ({ approvals, roles: {}, order: 'any' });
    const policy = (of: number, kinds: object) => [200, { rules: { default: rule(of), kinds } }] as const;
    await cli.control({
      ...AGENDA,
      'GET /v1/rings': [200, { rings: ['pilot', 'lab', 'production', 'default'] }],
      'GET /v1/approval-policies/pilot': policy(1, {}),
      'GET /v1/approval-policies/lab': policy(2, { override: rule(1) }),
      'GET /v1/approval-policies/production': policy(1, { 'hold-without-expiry': rule(2) }),
      'GET /v1/approval-policies/default': policy(2, { 'hold-without-expiry': rule(1) }),
    });
    expect((await cli.run(['agenda', '--out', out])).exitCode).toBe(0);
    expect(words(pdfText(readFileSync(out)))).toContain(
      'One signature is enough for a hold without an end, by the approval policy of rings pilot, lab.',
    );
  });

  it('R17 and R18: prints what waits, the oldest first, with differences, and signatures with name, time, zone and meaning', async () => {
    await cli.control(AGENDA);
    const { exitCode, stdout } = await cli.run(['agenda', '--out', out]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${out}: 4 change requests\n` });
    const pages = pdfText(readFileSync(out));
    const text = words(pages);
    expect(text).toContain('Agenda: site.example/log 4 change requests wait for signatures. CR-2026-0002');
    expect(text).not.toContain('CR-2026-0001');
    expect(text).toContain('CR-2026-0003 Status rolling-out');
    expect(text).toContain('Needed: 1 more signature, in ring production');
    expect(text.indexOf('CR-2026-0009')).toBeLessThan(text.indexOf('CR-2026-0010'));
    expect(text).toContain('Author Žofie Ångström');
    expect(text).toContain('Reason security-fix: CVE-2026-1234 is fixed (CHG-7)');
    expect(text).toContain('lab-hello latest/stable amd64 1 2');
    expect(text).toContain('Look twice: lab-hello 2: hook install : runs by itself');
    expect(text).toContain('base core22 core24');
    // In summer, and in winter.
    expect(text).toContain('2026-07-01 10:00:00 UTC (2026-07-01 12:00:00 GMT+02:00 Europe/Zurich)');
    expect(text).toContain(
      'Ben Okafor 2026-12-01 10:30:00 UTC (2026-12-01 11:30:00 GMT+01:00 Europe/Zurich)',
    );
    expect(text).toContain('approved approver, version 3');
    expect(text).toContain('Needed: 1 more signature, 1 with the role qa');
    expect(text.replaceAll(' ', '')).toContain(`sha256:${digestOf('CR-2026-0009')}`);
  });

  it('has page numbers and the digest of what it was made from on each page, in fonts of its own, and no date of its own', async () => {
    const long = view('CR-2026-0010');
    const lines = Array.from({ length: 90 }, (_, i) => ({
      what: `app a${i}`,
      old: null,
      new: `bin/a${i} ${'word '.repeat(i)}`,
    }));
    const changes = [{ ...long.changes[0], difference: { lines, marks: [], omitted: 7 } }];
    const record = { ...long.record, changes };
    const digest = recordDigest({ record: 'change-request', ...record });
    const answer = [200, { ...long, record, recordDigest: digest }] as const;
    await cli.control({ ...AGENDA, 'GET /v1/change-requests/CR-2026-0010': answer });
    const { stdout } = await cli.run(['agenda', '--out', out, '--format', 'json']);
    const { madeFrom } = JSON.parse(stdout) as { madeFrom: string };
    const first = readFileSync(out);
    const pages = pdfText(first);
    expect(pages.length).toBeGreaterThan(3);
    for (const { what } of lines) expect(pages.join('\n')).toContain(`${what}\n`);
    expect(words(pages)).toContain('7 lines or marks of lab-hello 2 are not in the record, or not whole');
    for (const [i, text] of pages.entries()) {
      expect(text).toContain(`made from sha256:${madeFrom}`);
      expect(text).toContain(`Agenda: site.example/log, page ${i + 1} of ${pages.length}`);
    }
    const source = first.toString('latin1');
    expect(source.match(/\/FontFile2/g)).toHaveLength(2);
    expect(source).toContain('D:20260701100100Z');
    const again = join(cli.folder, 'again.pdf');
    await cli.run(['agenda', '--out', again]);
    expect(readFileSync(again).equals(first)).toBe(true);
  });

  it('leaves a file that is there as it is', async () => {
    await cli.control(AGENDA);
    await cli.run(['agenda', '--out', out]);
    const { exitCode, stderr } = await cli.run(['agenda', '--out', out]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is there already: name another file');
  });

  it('prints no record under the digest of another', async () => {
    const swapped = view('CR-2026-0002', { recordDigest: digestOf('CR-2026-0009') });
    await cli.control({ ...AGENDA, 'GET /v1/change-requests/CR-2026-0002': [200, swapped] });
    expect(await cli.run(['agenda', '--out', out])).toMatchObject({ exitCode: 6 });
    expect(existsSync(out)).toBe(false);
  });

  it('R01: writes nothing where it cannot be recorded that a copy is made', async () => {
    await cli.control({ ...AGENDA, 'POST /v1/record-copies': problem(503, 'unavailable', 'no database') });
    expect((await cli.run(['agenda', '--out', out])).exitCode).not.toBe(0);
    expect(existsSync(out)).toBe(false);
    const fixture = await cli.control(AGENDA);
    expect((await cli.run(['agenda', '--out', out])).exitCode).toBe(0);
    expect(fixture.seen.at(-1)?.body).toEqual({ of: 'agenda' });
  });

  it('says when nothing waits', async () => {
    await cli.control({
      'GET /v1/status': STATUS,
      'POST /v1/record-copies': [200, { cursor: '9' }],
      'GET /v1/overdue-holds': [200, { holds: [], updates: [] }],
      'GET /v1/rings': [200, { rings: [] }],
      [`${LIST}=captured&limit=500`]: page(),
      [`${LIST}=in-review&limit=500`]: page(),
      [`${LIST}=approved&limit=500`]: page(),
      [`${LIST}=scheduled&limit=500`]: page(),
      [`${LIST}=rolling-out&limit=500`]: page(),
    });
    await cli.run(['agenda', '--out', out]);
    expect(words(pdfText(readFileSync(out)))).toContain('No change request waits for signatures.');
  });
});

describe('minutes', () => {
  it('R17 and R18: prints the decisions of a period as they are in the record, and the requests that they are of', async () => {
    const [from, to] = ['2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'];
    const none = [200, { events: [], next: null }] as const;
    const asked = (type: string) =>
      `GET /v1/audit?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&type=${type}&limit=1000`;
    const others = [
      'ChangeReviewed',
      'ApprovalSigned',
      'StageSigned',
      'StageReviewed',
      'TemplateUseSigned',
      'ApprovedByTemplate',
      'TemplateDidNotApply',
      'StageVerified',
      'PlanStopped',
      'ChangeWithdrawn',
      'EmergencyReleased',
      'RatificationSigned',
      'EmergencyRatified',
      'RatificationRefused',
      'ChangeVerified',
      'VerificationFailed',
      'ChangeClosed',
    ];
    await cli.control({
      ...AGENDA,
      ...Object.fromEntries(others.map((type) => [asked(type), none])),
      [asked('ChangeApproved')]: [200, { events: [event('50', 'ChangeApproved')], next: null }],
      [asked('ChangeRejected')]: [200, { events: [event('49', 'ChangeRejected')], next: null }],
      [asked('ChangeRecalled')]: [200, { events: [event('51', 'ChangeRecalled')], next: null }],
    });
    const { exitCode, stderr } = await cli.run(['minutes', '--from', from, '--to', to, '--out', out]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const text = words(pdfText(readFileSync(out)));
    expect(text).toContain('3 decisions on 1 change requests.');
    expect(text).toMatch(
      /49 .*ChangeRejected .*50 .*Ben Okafor ChangeApproved CR-2026-0009 tested: tested on three lines 51 .*ChangeRecalled /,
    );
    expect(text).toContain(
      'Ben Okafor 2026-12-01 10:30:00 UTC (2026-12-01 11:30:00 GMT+01:00 Europe/Zurich)',
    );
    expect(text).not.toContain('CR-2026-0010');
  });
});
