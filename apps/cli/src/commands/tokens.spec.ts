import { beforeEach, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const ID = '01a20aed-f256-755c-87ed-a7b6bec9d8a7';
const REASON = ['--reason', 'the pipeline takes this over'];

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
});

it('issues one: the token alone on standard output, for a script to keep', async () => {
  const issued = { id: ID, token: 'hft_secret', expiresAt: '2027-02-20T08:00:00.000Z', cursor: '7' };
  const { seen } = await cli.control({ 'POST /v1/tokens': [201, issued] });
  const words = ['--standing-reason', 'pins what the nightly tests passed', '--standing-ticket', 'CHG-7'];
  const args = ['tokens', 'add', 'nightly-pins', ...words, ...REASON, '--password-stdin'];
  expect(await cli.run(args, 'correct horse\n')).toEqual({
    exitCode: 0,
    stdout: 'hft_secret\n',
    stderr: 'This is the token nightly-pins, good until 2027-02-20T08:00:00.000Z. It is not shown again.\n',
  });
  expect(seen[0]?.body).toEqual({
    name: 'nightly-pins',
    standingReason: { code: 'other', text: 'pins what the nightly tests passed', ticket: 'CHG-7' },
    rings: ['default'],
    days: 90,
    password: 'correct horse',
    reason: { code: 'other', text: 'the pipeline takes this over' },
  });
});

it('asks for the standing reason as for the reason', async () => {
  expect(await cli.run(['tokens', 'add', 'nightly-pins', ...REASON])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--standing-reason') as string,
  });
});

it('lists them', async () => {
  const token = {
    id: ID,
    name: 'nightly-pins',
    owner: { id: 'p', login: 'ana', name: 'Ana' },
    standingReason: { code: 'routine', text: 'what the tests passed', ticket: 'CHG-7' },
    scope: { may: 'submit-changes', rings: ['default', 'pilot'] },
    status: 'good',
    expiresAt: '2027-02-20T08:00:00.000Z',
    issued: { position: '9', at: '2026-11-22T08:00:00.000Z' },
    lastUsed: null,
  };
  await cli.control({ 'GET /v1/tokens': [200, { tokens: [token] }] });
  expect((await cli.run(['tokens', 'list'])).stdout).toBe(
    'Id                                    Name          Owner  Rings          Status  Expires                   Last used  Standing reason\n' +
      `${ID}  nightly-pins  ana    default,pilot  good    2027-02-20T08:00:00.000Z  -          routine: what the tests passed (CHG-7)\n`,
  );
});

it('revokes one, and says what the server says against it', async () => {
  const { seen } = await cli.control({
    [`POST /v1/tokens/${ID}/revoke`]: [200, { cursor: '8' }],
    'POST /v1/tokens/another/revoke': problem(404, 'unknown-token', 'there is no such token'),
  });
  expect((await cli.run(['tokens', 'revoke', ID, ...REASON])).stdout).toBe(`${ID} is revoked\n`);
  expect(seen[0]?.body).toEqual({ reason: { code: 'other', text: 'the pipeline takes this over' } });
  expect(await cli.run(['tokens', 'revoke', 'another', ...REASON])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('there is no such token') as string,
  });
});
