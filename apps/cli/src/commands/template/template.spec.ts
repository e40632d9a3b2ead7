import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { problem } from '../../testing/control-fixture.js';
import { HISTORY, REASON, RECORD } from '../../testing/lab-change.js';
import { TestCli } from '../../testing/test-cli.js';

const REQUEST = '/v1/change-requests/CR-2026-0042';
const LIST = 'GET /v1/templates/production';
const TEMPLATE = {
  name: 'standard-fw',
  snaps: [{ format: 'snap', subject: 'id-of-lab-fw', name: 'lab-fw' }],
  channels: ['latest/stable'],
  architectures: 'all',
  mostTargets: 2,
  passes: ['size'],
  soak: { ring: 'pilot', hours: 72, verified: false },
  uses: { most: 4, days: 30 },
  hours: { from: 'mon 08:00', to: 'thu 16:00', zone: 'Europe/Zurich' },
  usedBy: ['approver'],
  until: '2027-06-30T00:00:00.000Z',
};
const ASKED = { ...TEMPLATE, snaps: ['lab-fw'] };
const GRANTED = {
  name: 'standard-fw',
  version: 3,
  template: TEMPLATE,
  changeRequest: 'CR-2026-0007',
  approvedBy: [{ name: 'Ben', signedAt: '2026-11-20T08:00:00.000Z' }],
  ended: false,
  used: 1,
};
const TEMPLATES = [200, { ring: 'production', templates: [GRANTED] }] as const;
const { submittedAt: _, changes: __, ...SAID } = RECORD;
const USED = { ...SAID, ring: 'production', template: { name: 'standard-fw', version: 3 } };
const DIGEST = recordDigest({ record: 'standard-change', ...USED });
const view = (status: string, useDigest = DIGEST, use: object | null = null) => ({
  ...USED,
  status,
  record: null,
  recordDigest: null,
  signatures: [],
  missing: [],
  history: HISTORY,
  standardChange: { template: USED.template, record: USED, useDigest, use },
});

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

/** Control shows these, one after the other, and takes a use. */
const using = (...shown: readonly object[]) => {
  let asked = 0;
  return cli.control({
    [LIST]: TEMPLATES,
    [`POST ${REQUEST}/use-template`]: [202, { id: RECORD.id, status: 'submitted', cursor: '9' }],
    get [`GET ${REQUEST}`]() {
      return [200, shown[Math.min(asked++, shown.length - 1)]] as const;
    },
  });
};
const use = ['template', 'use', 'CR-2026-0042', '--password-stdin', ...REASON];

describe('R26: template', () => {
  it('propose asks for the template of the how-to', async () => {
    const page = readFileSync('docs/how-to/standard-changes.md', 'utf8');
    const file = join(cli.folder, 'standard-fw.yaml');
    writeFileSync(file, /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '');
    const { seen } = await cli.control({
      'POST /v1/change-requests': [202, { id: RECORD.id, status: 'submitted', cursor: '9', inForce: [] }],
    });
    const propose = ['template', 'propose', '--file', file, '--ring', 'production', ...REASON];
    expect(await cli.run(propose)).toMatchObject({ exitCode: 0, stdout: 'CR-2026-0042 submitted\n' });
    const items = [{ kind: 'template', template: ASKED }];
    expect(seen).toMatchObject([{ body: { ring: 'production', items } }]);
    writeFileSync(file, 'name: standard-fw\nuses: { most: all, day: 30 }\n');
    const { exitCode, stderr } = await cli.run(propose);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${file}:1: the file does not say "snaps"`);
    expect(seen).toHaveLength(1);
  });

  it('list says the limits, and show gives the file that propose takes', async () => {
    await cli.control({ [LIST]: TEMPLATES });
    const { stdout } = await cli.run(['template', 'list', '--ring', 'production']);
    expect(stdout).toMatch(
      /^standard-fw@3 +2027-06-30T00:00:00\.000Z +1 of 4 in 30 days +CR-2026-0007 +Ben +newer revisions of lab-fw; channels: latest\/stable; /m,
    );
    const shown = await cli.run(['template', 'show', 'standard-fw', '--ring', 'production']);
    expect(shown.stdout).toMatch(/^# version 3, approved in CR-2026-0007 by Ben\n/);
    const file = join(cli.folder, 'again.yaml');
    writeFileSync(file, shown.stdout);
    const { seen } = await cli.control({
      'POST /v1/change-requests': [202, { id: RECORD.id, status: 'submitted', cursor: '9', inForce: [] }],
    });
    await cli.run(['template', 'propose', '--file', file, '--ring', 'production', ...REASON]);
    expect(seen).toMatchObject([{ body: { items: [{ template: ASKED }] } }]);
    await cli.control({ [LIST]: TEMPLATES });
    expect(await cli.run(['template', 'show', 'other', '--ring', 'production'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('ring production has no template other') as string,
    });
  });

  it('R22: use shows the limits, signs the digest of what was shown, and says what came of it', async () => {
    const signature = {
      printedName: 'Ada',
      signedAt: '2026-11-24T08:00:00.000Z',
      meaning: 'released-by-template',
    };
    const why = 'template standard-fw@3 does not apply: lab-fw on latest/stable for amd64: publisher changed';
    const { seen } = await using(
      view('drafted'),
      view('submitted'),
      view('in-review', DIGEST, { signature, notApplied: [why] }),
    );
    const { exitCode, stdout, stderr } = await cli.run(use, 'correct horse\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CR-2026-0042 in-review\n' });
    expect(stderr).toContain('asked for: core18 stable=1722');
    expect(stderr).toContain('approved in CR-2026-0007 by Ben: newer revisions of lab-fw; ');
    expect(stderr).toContain(`Digest: sha256:${DIGEST}`);
    expect(stderr).toContain(why);
    expect(seen.filter(({ request }) => request.startsWith('POST'))).toMatchObject([
      { body: { recordDigest: DIGEST, password: 'correct horse' } },
    ]);
  });

  it.each([
    ['a record whose digest is another one', view('drafted', 'ab'.repeat(32)), 'not signed'],
    ['what names no template', { ...view('drafted'), standardChange: null }, 'names no template'],
    ['what was handed in', view('submitted'), 'is submitted: it was handed in already'],
  ])('R19, R22: use signs nothing of %s', async (_what, shown, says) => {
    const { seen } = await using(shown);
    const { exitCode, stderr } = await cli.run(use, 'correct horse\n');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(says);
    expect(seen.filter(({ request }) => request.startsWith('POST'))).toEqual([]);
  });

  it('withdraw takes it away, and says what of it waits', async () => {
    const { seen } = await cli.control({
      'POST /v1/templates/production/standard-fw/withdraw': [
        200,
        { name: 'standard-fw', version: 3, cursor: '9' },
      ],
    });
    const { stdout, stderr } = await cli.run([
      'template',
      'withdraw',
      'standard-fw',
      '--ring',
      'production',
      ...REASON,
    ]);
    expect(stdout).toBe('standard-fw@3 is withdrawn in ring production\n');
    expect(stderr).toContain('ordinary signatures');
    expect(seen).toMatchObject([{ body: { reason: { text: 'tested on three devices' } } }]);
  });
});

describe('R26: override --template', () => {
  const override = ['override', 'lab-fw', 'stable=12', '--ring', 'production'];
  const under = (template: string, ...more: string[]) => [
    ...override,
    '--template',
    template,
    ...REASON,
    ...more,
  ];

  async function signedIn(answers: Parameters<TestCli['control']>[0]) {
    delete cli.env['HOLDFAST_TOKEN'];
    const person = { login: 'ada', name: 'Ada' };
    const session = { token: 't', person, expiresAt: '2100-01-01T00:00:00.000Z' };
    const fixture = await cli.control({ 'POST /v1/sessions': [201, session], ...answers });
    await cli.run(['login', 'ada', '--password-stdin'], 'correct horse\n');
    return () => fixture.seen.filter(({ request }) => request !== 'POST /v1/sessions');
  }

  it('drafts under the version that is named, and with --draft signs later', async () => {
    const drafted = { id: RECORD.id, status: 'drafted', cursor: '9', inForce: [] };
    const seen = await signedIn({ 'POST /v1/change-requests': [202, drafted] });
    const { exitCode, stdout, stderr } = await cli.run(under('standard-fw@3', '--draft'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CR-2026-0042 drafted\n' });
    expect(stderr).toContain('holdfast template use CR-2026-0042');
    expect(seen()).toMatchObject([
      { body: { ring: 'production', template: { name: 'standard-fw', version: 3 }, submit: false } },
    ]);
  });

  it('drafts under the version that is in force where none is named, and under none that is not there', async () => {
    const drafted = { id: RECORD.id, status: 'drafted', cursor: '9', inForce: [] };
    const seen = await signedIn({ [LIST]: TEMPLATES, 'POST /v1/change-requests': [202, drafted] });
    expect(await cli.run(under('standard-fw', '--draft'))).toMatchObject({ exitCode: 0 });
    expect(seen().at(-1)).toMatchObject({ body: { template: { name: 'standard-fw', version: 3 } } });
    expect(await cli.run(under('other', '--draft'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('ring production has no template other') as string,
    });
    expect(seen().filter(({ request }) => request.startsWith('POST '))).toHaveLength(1);
  });

  it('signs nothing of who could not use it, whom control refuses', async () => {
    const refusal = problem(403, 'own-template', 'you signed version 3 of it');
    const seen = await signedIn({ 'POST /v1/change-requests': refusal });
    const { exitCode, stderr } = await cli.run(under('standard-fw@3', '--password-stdin'), 'correct horse\n');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('you signed version 3 of it');
    expect(seen()).toHaveLength(1);
  });

  it.each([
    ['version 0', under('standard-fw@0'), 'is no template, such as standard-fw, and no version of one'],
    ['what is only shown', under('standard-fw@3', '--dry-run'), 'leave --dry-run or --template out'],
    ['a token', under('standard-fw@3'), 'a token never signs'],
  ])('R22: drafts nothing for %s', async (_what, argv, says) => {
    cli.env['HOLDFAST_TOKEN'] = 'hft_of-a-program';
    const { seen } = await cli.control({});
    const { exitCode, stderr } = await cli.run(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(seen).toEqual([]);
  });
});
