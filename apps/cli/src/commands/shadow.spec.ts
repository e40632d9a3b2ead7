import { expect, it } from 'vitest';
import type { ControlFixture } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

async function against(answers: Parameters<typeof ControlFixture.start>[0]): Promise<TestCli> {
  const cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  await cli.control(answers);
  return cli;
}

const SUMMARY = {
  requests: 12,
  equal: 9,
  differing: 1,
  notCompared: [{ reason: 'not-comparable', count: 2 }],
  firstAt: '2026-11-26T12:00:00.000Z',
  lastAt: '2026-11-26T13:00:00.000Z',
};
const DIFFERENCE = {
  endpoint: 'refresh',
  snap: 'core18',
  snapId: 'id',
  place: 'stable amd64',
  incumbent: 'revision 2',
  ours: 'revision 1',
  why: 'held',
  count: 4,
  devices: 3,
  firstAt: '2026-11-26T12:00:00.000Z',
  lastAt: '2026-11-26T13:00:00.000Z',
  position: '41',
};

it('says how many requests were compared, and lists what differs', async () => {
  const cli = await against({
    'GET /v1/shadow?snap=core18&since=2026-11-26T12%3A00%3A00Z&limit=1': [
      200,
      { summary: SUMMARY, differences: [DIFFERENCE], next: 'place' },
    ],
  });
  const asked = ['shadow', '--snap', 'core18', '--since', '2026-11-26T12:00:00Z', '--limit', '1'];
  const { exitCode, stdout, stderr } = await cli.run(asked);
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    'Requests:                      12\n' +
      'Equal:                         9\n' +
      'Differing:                     1\n' +
      'Not compared, not-comparable:  2\n' +
      'From:                          2026-11-26T12:00:00.000Z\n' +
      'Until:                         2026-11-26T13:00:00.000Z\n' +
      '\n' +
      'Snap    Asked    Where         Incumbent   Holdfast    Why   Count  Devices  Last\n' +
      'core18  refresh  stable amd64  revision 2  revision 1  held  4      3        2026-11-26T13:00:00.000Z\n',
  );
  expect(stderr).toBe('There is more: --after place\n');
});

it('says so when nothing was compared, and is JSON for programs', async () => {
  const summary = { requests: 0, equal: 0, differing: 0, notCompared: [], firstAt: null, lastAt: null };
  const nothing = { summary, differences: [], next: null };
  const cli = await against({ 'GET /v1/shadow': [200, nothing] });
  expect((await cli.run(['shadow'])).stderr).toContain('HOLDFAST_SHADOW_OF');
  expect(JSON.parse((await cli.run(['shadow', '--format', 'json'])).stdout)).toEqual(nothing);
});
