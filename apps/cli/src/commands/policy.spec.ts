import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlFixture } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const DIGEST = 'd'.repeat(64);
const IN_FORCE = {
  ring: 'default',
  digest: DIGEST,
  access: 'open',
  publisherChanges: 'keep',
  denied: ['lab-bad'],
  allowed: [],
  approvals: { default: { approvals: 1, roles: { approver: 1 }, order: 'any' }, kinds: {} },
  overrides: [
    { snap: 'lab-hello', channel: 'latest/stable', architecture: 'amd64', revision: 20 },
    { snap: 'lab-hello', channel: 'latest/stable', architecture: 'arm64', revision: 21 },
  ],
  members: ['serial acme/gateway/0001', 'list line-3'],
};
const TEXT = `holdfast-policy: 1
ring: default
digest: ${DIGEST}
access: open
publisher-changes: keep
deny:
  - lab-bad
allow: []
approvals:
  default:
    approvals: 1
    roles:
      approver: 1
overrides:
  lab-hello:
    latest/stable:
      amd64: 20
      arm64: 21
members:
  - list line-3
  - serial acme/gateway/0001
`;
const CHANGED = TEXT.replace('access: open', 'access: gated')
  .replace('publisher-changes: keep', 'publisher-changes: block')
  .replace('  - lab-bad', '  - lab-worse')
  .replace('amd64: 20', 'amd64: 22')
  .replace('      arm64: 21\n', '')
  .replace('  - list line-3', '  - model acme/meter in 10.20.0.0/16');
const ITEMS = [
  { kind: 'access', access: 'gated' },
  { kind: 'publisher-changes', publisherChanges: 'block' },
  { kind: 'deny', snap: 'lab-bad', listed: false },
  { kind: 'deny', snap: 'lab-worse', listed: true },
  { snap: 'lab-hello', channel: 'latest/stable', architecture: 'amd64', revision: 22 },
  { snap: 'lab-hello', channel: 'latest/stable', architecture: 'arm64', revision: null },
  { kind: 'members', of: 'list', list: 'line-3', members: false },
  { kind: 'members', of: 'model', brand: 'acme', model: 'meter', network: '10.20.0.0/16', members: true },
];
const DIFFERENCES =
  'What                              Old      New\n' +
  'access                            open     gated\n' +
  'publisher-changes                 keep     block\n' +
  'list of lab-bad                   deny     none\n' +
  'list of lab-worse                 none     deny\n' +
  'lab-hello latest/stable amd64     20       22\n' +
  'lab-hello latest/stable arm64     21       upstream\n' +
  'list line-3                       members  none\n' +
  'model acme/meter in 10.20.0.0/16  none     members\n';
const REASON = ['--reason', 'the policy that the board agreed on'];
const SUBMITTED = { id: 'CR-2026-0042', status: 'submitted', cursor: '17', inForce: [], accessInForce: null };

let cli: TestCli;
let file: string;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'session';
  file = join(cli.folder, 'policy.yaml');
});

async function control(answers: Parameters<typeof ControlFixture.start>[0] = {}): Promise<ControlFixture> {
  return cli.control({ 'GET /v1/policies/default': [200, IN_FORCE], ...answers });
}

describe('policy export', () => {
  it('writes the whole policy, which then has nothing to change', async () => {
    const { seen } = await control();
    expect(await cli.run(['policy', 'export'])).toEqual({ exitCode: 0, stdout: TEXT, stderr: '' });
    await writeFile(file, TEXT);
    expect(await cli.run(['policy', 'diff', file])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect((await cli.run(['policy', 'apply', '-', ...REASON], TEXT)).stdout).toBe(
      'ring default is as - says\n',
    );
    expect(seen.map(({ request }) => request)).toEqual(Array(3).fill('GET /v1/policies/default'));
  });
});

describe('policy diff', () => {
  it('shows old and new, and writes nothing', async () => {
    const { seen } = await control();
    await writeFile(file, CHANGED);
    expect(await cli.run(['policy', 'diff', file])).toEqual({ exitCode: 0, stdout: DIFFERENCES, stderr: '' });
    expect(seen).toHaveLength(1);
  });

  it('says when the ring has moved since the file was written', async () => {
    await control();
    await writeFile(file, CHANGED.replace(DIGEST, 'e'.repeat(64)));
    const { stdout, stderr } = await cli.run(['policy', 'diff', file]);
    expect(stdout).toBe(DIFFERENCES);
    expect(stderr).toContain('the policy of ring default has moved since');
  });
});

describe('policy apply', () => {
  it('submits one change request of all differences, for the policy that they were found in', async () => {
    const { seen } = await control({ 'POST /v1/change-requests': [202, SUBMITTED] });
    await writeFile(file, CHANGED);
    expect(await cli.run(['policy', 'apply', file, ...REASON])).toEqual({
      exitCode: 0,
      stdout: `CR-2026-0042 submitted\n${DIFFERENCES}`,
      stderr: '',
    });
    expect(seen[1]?.body).toEqual({
      ring: 'default',
      items: ITEMS,
      ifPolicy: DIGEST,
      reason: { code: 'other', text: 'the policy that the board agreed on' },
      submit: true,
    });
  });

  it('R26: asks for the approval policy of the file, and leaves it alone where the file says nothing', async () => {
    const { seen } = await control({ 'POST /v1/change-requests': [202, SUBMITTED] });
    const stricter = TEXT.replace('    approvals: 1\n', '    approvals: 2\n    order: [approver, qa]\n');
    expect((await cli.run(['policy', 'apply', '-', ...REASON], stricter)).stdout).toBe(
      'CR-2026-0042 submitted\n' +
        'What       Old                      New\n' +
        'approvals  default: 1 (1 approver)  default: 2 (1 approver), in order: approver, qa\n',
    );
    const rule = { approvals: 2, roles: { approver: 1 }, order: ['approver', 'qa'] };
    expect(seen[1]?.body).toMatchObject({
      items: [{ kind: 'approval-policy', rules: { default: rule, kinds: {} } }],
    });
    const silent = TEXT.replace(/approvals:\n( .*\n)*/, '');
    expect((await cli.run(['policy', 'diff', '-'], silent)).stdout).toBe('');
  });

  it('submits a whole ring as one change request', async () => {
    const overrides = Array.from(
      { length: 1_999 },
      (_, i) => `  lab-${i}:\n    latest/stable: {amd64: ${i + 1}}\n`,
    );
    const text = TEXT.replace('access: open', 'access: gated');
    await writeFile(
      file,
      text.replace('members:\n', () => `${overrides.join('')}members:\n`),
    );
    const { seen } = await control({ 'POST /v1/change-requests': [202, SUBMITTED] });
    expect(await cli.run(['policy', 'apply', file, ...REASON])).toMatchObject({ exitCode: 0 });
    const asked = seen
      .filter(({ request }) => request.startsWith('POST'))
      .map(({ body }) => body as { readonly items: readonly unknown[] });
    expect(asked.map(({ items }) => items.length)).toEqual([2_000]);
    expect(asked[0]?.items.at(-1)).toEqual({
      snap: 'lab-999',
      channel: 'latest/stable',
      architecture: 'amd64',
      revision: 1_000,
    });
  });

  it('takes a token, and no reason beside its own', async () => {
    cli.env['HOLDFAST_TOKEN'] = 'hft_token';
    const { seen } = await control({ 'POST /v1/token-submissions': [202, SUBMITTED] });
    expect((await cli.run(['policy', 'apply', '-'], CHANGED)).stdout).toContain('CR-2026-0042 submitted\n');
    expect(seen[1]).toEqual({
      request: 'POST /v1/token-submissions',
      authorization: 'Bearer hft_token',
      body: { ring: 'default', items: ITEMS, ifPolicy: DIGEST },
    });
    expect((await cli.run(['policy', 'apply', '-', ...REASON], CHANGED)).stderr).toContain(
      'leave --reason out',
    );
  });

  it('refuses a file of an older policy, unless the file is for whatever the ring has', async () => {
    const { seen } = await control({ 'POST /v1/change-requests': [202, SUBMITTED] });
    const old = CHANGED.replace(DIGEST, 'e'.repeat(64));
    expect(await cli.run(['policy', 'apply', '-', ...REASON], old)).toMatchObject({
      exitCode: 5,
      stdout: '',
      stderr: expect.stringContaining('has moved since - was written') as string,
    });
    expect(seen).toHaveLength(1);
    const forAny = CHANGED.replace(`digest: ${DIGEST}\n`, '');
    expect(await cli.run(['policy', 'apply', '-', ...REASON], forAny)).toMatchObject({ exitCode: 0 });
  });

  it('asks the server nothing for a file that is wrong, or without a reason', async () => {
    const { seen } = await control();
    await writeFile(file, `${TEXT}more: 1\n`);
    expect(await cli.run(['policy', 'apply', file, ...REASON])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${file}:22: more is not known`) as string,
    });
    expect(await cli.run(['policy', 'apply', file])).toMatchObject({ exitCode: 2 });
    expect(await cli.run(['policy', 'apply', join(cli.folder, 'none'), ...REASON])).toMatchObject({
      exitCode: 1,
    });
    expect(seen).toEqual([]);
  });
});
