import { afterEach, expect, it } from 'vitest';
import { ControlFixture, problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const cacheSize = {
  key: 'cache-size',
  value: '16G',
  fallback: '8G',
  variable: 'HOLDFAST_CACHE_SIZE',
  readBy: ['proxy'],
  running: { value: '8G', from: 'default' },
  waiting: true,
};
const logLevel = {
  ...cacheSize,
  key: 'log-level',
  value: null,
  fallback: 'info',
  variable: 'HOLDFAST_LOG_LEVEL',
  readBy: ['control', 'worker', 'projector', 'proxy'],
  running: { value: 'warn', from: 'environment' },
  waiting: false,
};
const containing = (text: string): unknown => expect.stringContaining(text);
const WHY = ['--reason', 'the new disk is in place'];
const REASON = { code: 'other', text: 'the new disk is in place' };

let control: ControlFixture;
afterEach(() => control.stop());

async function cliOf(answers: Parameters<typeof ControlFixture.start>[0]): Promise<TestCli> {
  control = await ControlFixture.start(answers);
  const cli = new TestCli();
  cli.env['HOLDFAST_URL'] = control.url;
  return cli;
}

const shown = { 'GET /v1/settings': [200, { settings: [cacheSize, logLevel] }] } as const;

it('lists what is set, what is in force, and what waits', async () => {
  const cli = await cliOf(shown);
  expect(await cli.run(['config'])).toMatchObject({
    exitCode: 0,
    stdout: [
      'Key         Set  In force  By           Next start\n',
      'cache-size  16G  8G        default      16G\n',
      'log-level   -    warn      environment  -\n',
    ].join(''),
  });
});

it('shows some, and says of a key that it is none', async () => {
  const cli = await cliOf(shown);
  expect((await cli.run(['config', 'log-level', 'cache-size'])).stdout).toBe(
    'log-level: info\ncache-size: 16G\n',
  );
  expect(await cli.run(['config', 'cache-sice'])).toMatchObject({
    exitCode: 3,
    stderr: containing('cache-sice is no setting of a site'),
  });
});

it('sets several at once, and says when they are in force', async () => {
  const cli = await cliOf({
    'POST /v1/settings': [200, { settings: [cacheSize, logLevel], cursor: '7' }],
  });
  expect(await cli.run(['config', 'cache-size=16G', 'log-level=', ...WHY])).toEqual({
    exitCode: 0,
    stdout: 'cache-size: 16G\nlog-level:\n',
    stderr:
      'cache-size is in force from the next start of proxy\n' +
      'log-level has no effect while HOLDFAST_LOG_LEVEL is in the environment of the servers, which wins\n',
  });
  expect(control.seen.at(-1)?.body).toEqual({
    changes: [
      { key: 'cache-size', value: '16G' },
      { key: 'log-level', value: null },
    ],
    reason: REASON,
  });
});

it.each([
  [['config', 'cache-size=16G'], "required option '--reason <text>' not specified"],
  [['config', 'cache-size=16G', 'zone', ...WHY], 'not both at once'],
])('asks nothing of control for %j', async (argv, sentence) => {
  const cli = await cliOf({});
  expect(await cli.run(argv)).toMatchObject({ exitCode: 2, stderr: containing(sentence) });
  expect(control.seen).toEqual([]);
});

it('tells why control refused', async () => {
  const cli = await cliOf({
    'POST /v1/settings': problem(400, 'wrong-setting', 'cache-size is "x": it must be a size'),
  });
  expect(await cli.run(['config', 'cache-size=x', ...WHY])).toMatchObject({
    exitCode: 2,
    stderr: containing('it must be a size'),
  });
});
