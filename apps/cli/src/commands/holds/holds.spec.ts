import { expect, it, onTestFinished } from 'vitest';
import { ControlFixture } from '../../testing/control-fixture.js';
import { TestCli } from '../../testing/test-cli.js';

const EVALUATED = {
  upstream: '9',
  mitigation: 'behind a firewall',
  at: '2026-11-20T08:00:00.000Z',
  by: 'Cyd',
};

it('holds are listed with all that is said of them, and their terms are set', async () => {
  const cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  const hold = {
    ring: 'pilot',
    name: 'core22',
    channel: 'latest/stable',
    architecture: 'amd64',
    version: '7',
    since: { at: '2026-11-01T08:00:00.000Z', changeRequest: 'CR-2026-0001' },
    reason: { code: 'other', text: 'the next one breaks our driver' },
    newer: { version: '9', since: '2026-11-20T08:00:00.000Z' },
    terms: { owner: 'ana', risk: 'not in use here', expiresAt: '2026-11-21T00:00:00.000Z', expired: true },
    review: { upstream: '9', since: '2026-10-01T08:00:00.000Z', at: '2026-11-20T08:00:00.000Z', days: 50 },
    evaluation: null,
  };
  const signed = {
    ...hold,
    name: 'lxd',
    review: null,
    evaluation: { ...EVALUATED, until: '2027-01-31T00:00:00.000Z' },
    expiry: { at: '2027-03-01T00:00:00.000Z', action: 'release', expired: false },
  };
  const bare = { ...hold, name: 'snapd', newer: null, terms: null, reason: null, review: null };
  const fixture = await ControlFixture.start({
    'GET /v1/holds?ring=pilot': [200, { holds: [hold, signed, bare] }],
    'POST /v1/holds': [200, { ring: 'pilot', snap: 'core22', cursor: '9' }],
    'POST /v1/holds/evaluations': [200, { ring: 'pilot', snap: 'core22', cursor: '10' }],
  });
  onTestFinished(() => fixture.stop());
  cli.env['HOLDFAST_URL'] = fixture.url;
  const { stdout } = await cli.run(['holds', 'list', '--ring', 'pilot']);
  expect(stdout).toMatch(
    /^core22 .*7 +2026-11-01 +9 since 2026-11-20 +ana +over since 2026-11-21 +overdue: 50 days behind +not in use here +CR-2026-0001: the next one breaks our driver$/m,
  );
  expect(stdout).toMatch(
    /^lxd .* 2027-03-01, then release +stays until 2027-01-31: behind a firewall +not in use here/m,
  );
  expect(stdout).toMatch(/^snapd .*2026-11-01 +- +- +- +- +- +CR-2026-0001: -$/m);
  const words = [
    'holds',
    'terms',
    'core22',
    '--ring',
    'pilot',
    '--owner',
    'ana',
    '--risk',
    'not in use here',
    '--expires',
    '2027-03-31',
  ];
  expect(await cli.run([...words, '--reason', 'looked at by the board'])).toMatchObject({
    exitCode: 0,
    stdout: 'ana answers for core22 in pilot\n',
  });
  expect(fixture.seen.at(-1)?.body).toEqual({
    ring: 'pilot',
    snap: 'core22',
    owner: 'ana',
    risk: 'not in use here',
    expiresAt: '2027-03-31',
    reason: { code: 'other', text: 'looked at by the board' },
  });
  expect((await cli.run(['holds', 'terms', 'core22', '--owner', 'ana'])).exitCode).toBe(2);
  const evaluate = [
    'holds',
    'evaluate',
    'core22',
    '--ring',
    'pilot',
    '--until',
    '2027-01-31',
    '--seen',
    '9,10',
  ];
  expect(
    await cli.run([...evaluate, '--mitigation', 'behind a firewall', '--reason', 'looked at by the board']),
  ).toMatchObject({ exitCode: 0, stdout: 'core22 stays in pilot until 2027-01-31\n' });
  expect(fixture.seen.at(-1)?.body).toEqual({
    ring: 'pilot',
    snap: 'core22',
    seen: ['9', '10'],
    mitigation: 'behind a firewall',
    until: '2027-01-31',
    reason: { code: 'other', text: 'looked at by the board' },
  });
});
