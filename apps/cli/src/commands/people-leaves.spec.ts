import { expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const ana = {
  name: 'Ana',
  status: 'active',
  roles: ['author'],
  drafts: [{ id: 'CR-2026-0051', ring: 'default', status: 'drafted' }],
  open: [],
  tokens: [{ id: '01a2', name: 'nightly', rings: ['default'] }],
  holds: [{ ring: 'pilot', name: 'core22', channel: 'latest/stable' }],
  onCall: ['pilot'],
  policies: [{ ring: 'pilot', kinds: ['override'], missing: ['1 more signature'] }],
  emergencies: [{ ring: 'pilot', missing: ['somebody on call who signs in the ring'] }],
};
const done = [200, { cursor: null }] as const;
const answers = (leaving: object) => ({
  'GET /v1/people/ana/leaving': [200, leaving] as const,
  'POST /v1/people/ana/disable': done,
  'POST /v1/tokens/01a2/revoke': done,
  'POST /v1/change-requests/CR-2026-0051/hand-over': done,
});
const WHY = ['--reason', 'leaves on Friday, HR-88'];

async function leave(leaving: object, ...options: string[]) {
  const cli = new TestCli();
  const control = await cli.control(answers(leaving));
  const ran = await cli.run(['people', 'leaves', 'ana', ...options, ...WHY]);
  return { ...ran, asked: control.seen.map(({ request }) => request).filter((it) => it.startsWith('POST')) };
}

it('shows names as text', async () => {
  const tokens = [{ id: '01a2', name: 'nightly\u001b[2J\ndrafts: none', rings: ['default'] }];
  expect((await leave({ ...ana, tokens })).stdout).toContain(
    '\ntokens: nightly [2J drafts: none (default)\n',
  );
});

it('R28: shows what there is of who leaves, and does nothing', async () => {
  const { stdout, asked } = await leave(ana);
  expect(asked).toEqual([]);
  expect(stdout).toContain('CR-2026-0051 (default, drafted)');
  expect(stdout).toContain(
    'holds that they answer for: core22 latest/stable (pilot)\n' +
      '  a signer of pilot hands it over: holdfast holds terms core22 --ring pilot --channel latest/stable --owner LOGIN',
  );
  expect(stdout).toContain(
    'nobody else can meet the approval policy of pilot for override: it lacks 1 more signature',
  );
  expect(stdout).toContain(
    'no emergency of pilot works without them: it lacks somebody on call who signs in the ring\n',
  );
});

it('R28: asks for who goes on with the drafts before it begins', async () => {
  expect(await leave(ana, '--yes')).toMatchObject({ exitCode: 2, asked: [] });
});

it('R28: ends access first, and then hands over', async () => {
  expect(await leave(ana, '--yes', '--to', 'cyd')).toMatchObject({
    exitCode: 0,
    asked: [
      'POST /v1/people/ana/disable',
      'POST /v1/tokens/01a2/revoke',
      'POST /v1/change-requests/CR-2026-0051/hand-over',
    ],
  });
});

it('R28: goes on where it was interrupted', async () => {
  const left = { ...ana, status: 'disabled', tokens: [] };
  expect((await leave(left, '--yes', '--to', 'cyd')).asked).toEqual([
    'POST /v1/change-requests/CR-2026-0051/hand-over',
  ]);
});
