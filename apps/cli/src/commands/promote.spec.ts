import { beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const hello = (revision: number, manifest = String(revision).repeat(64)) => {
  return { snap: 'lab-hello', channel: 'latest/stable', architecture: 'amd64', revision, manifest };
};
const policy = (ring: string, digit: string, ...overrides: object[]) => {
  return {
    ring,
    digest: digit.repeat(64),
    access: 'open',
    denied: [],
    allowed: [],
    approvals: {},
    overrides,
  };
};
const ANSWERS = {
  'GET /v1/rings': [200, { rings: ['default', 'pilot', 'production'] }],
  'GET /v1/policies/pilot': [200, policy('pilot', 'a', hello(5))],
  'GET /v1/policies/production': [200, policy('production', 'b', hello(4))],
  'POST /v1/change-requests': [202, { id: 'CR-2026-0007', status: 'submitted', cursor: '9', inForce: [] }],
} as const;
const WHY = ['--reason', 'two weeks in pilot without a fault'];

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('promote', () => {
  it('shows the differences and asks for exactly what was looked at', async () => {
    const { seen } = await cli.control(ANSWERS);
    expect(await cli.run(['promote', 'pilot', 'production', ...WHY])).toMatchObject({
      exitCode: 0,
      stdout:
        'CR-2026-0007 submitted\n' +
        'What                           Old  New\n' +
        'lab-hello latest/stable amd64  4    5\n',
    });
    expect(seen.at(-1)?.body).toEqual({
      ring: 'production',
      items: [{ kind: 'promotion', from: 'pilot', ifPolicy: 'a'.repeat(64) }],
      ifPolicy: 'b'.repeat(64),
      reason: { code: 'other', text: 'two weeks in pilot without a fault' },
      submit: true,
    });
  });

  it('submits nothing when it is only tried, and when there is nothing to promote', async () => {
    const { seen } = await cli.control({
      ...ANSWERS,
      'GET /v1/policies/default': [200, policy('default', 'c', hello(5))],
    });
    const tried = await cli.run(['promote', 'pilot', 'production', '--dry-run', ...WHY]);
    expect(tried.stdout).toMatch(/^What .*\nlab-hello .* 4 {4}5\n$/);
    const same = await cli.run(['promote', 'default', 'pilot', ...WHY]);
    expect(same.stdout).toBe('ring pilot holds what default holds\n');
    expect(seen.filter(({ request }) => request.startsWith('POST'))).toEqual([]);
  });

  it('knows a revision that was captured again for another choice', async () => {
    const again = [200, policy('production', 'b', hello(5, 'e'.repeat(64)))] as const;
    await cli.control({ ...ANSWERS, 'GET /v1/policies/production': again });
    const { stdout } = await cli.run(['promote', 'pilot', 'production', '--dry-run', ...WHY]);
    expect(stdout).toContain('lab-hello latest/stable amd64  5    5 (captured again)\n');
  });

  it.each([
    ['production', 'pilot', 'production does not come before pilot: the order is default, pilot, production'],
    ['pilot', 'pilot', 'pilot does not come before pilot'],
    ['pilot', 'gone', 'there is no ring gone: there are default, pilot, production'],
  ])('from %s to %s is refused', async (from, to, why) => {
    await cli.control(ANSWERS);
    const { exitCode, stderr } = await cli.run(['promote', from, to, ...WHY]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});
