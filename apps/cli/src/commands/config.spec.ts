import { expect, it } from 'vitest';
import { problem, type ControlFixture } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const cacheSize = {
  key: 'cache-size',
  value: '16G',
  secret: false,
  digest: null,
  fallback: '8G',
  variable: 'HOLDFAST_CACHE_SIZE',
  readBy: ['proxy'],
  running: { value: '8G', digest: null, from: 'default' },
  waiting: true,
};
const logLevel = {
  ...cacheSize,
  key: 'log-level',
  value: null,
  fallback: 'info',
  variable: 'HOLDFAST_LOG_LEVEL',
  readBy: ['control', 'worker', 'projector', 'proxy'],
  running: { value: 'warn', digest: null, from: 'environment' },
  waiting: false,
};
const containing = (text: string): unknown => expect.stringContaining(text);
const WHY = ['--reason', 'the new disk is in place'];
const REASON = { code: 'other', text: 'the new disk is in place' };

let control: ControlFixture;

async function cliOf(answers: Parameters<typeof ControlFixture.start>[0]): Promise<TestCli> {
  const cli = new TestCli();
  control = await cli.control(answers);
  return cli;
}

const shown = {
  'GET /v1/settings': [200, { settings: [cacheSize, logLevel], incumbentKeys: [], leftBehind: [] }],
} as const;

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
    ...shown,
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
  [['config', 'cache-size=16G', 'zone', ...WHY], 'one of these at once'],
])('asks nothing of control for %j', async (argv, sentence) => {
  const cli = await cliOf({});
  expect(await cli.run(argv)).toMatchObject({ exitCode: 2, stderr: containing(sentence) });
  expect(control.seen).toEqual([]);
});

it('tells why control refused', async () => {
  const cli = await cliOf({
    ...shown,
    'POST /v1/settings': problem(400, 'wrong-setting', 'cache-size is "x": it must be a size'),
  });
  expect(await cli.run(['config', 'cache-size=x', ...WHY])).toMatchObject({
    exitCode: 2,
    stderr: containing('it must be a size'),
  });
});

const here = {
  settings: [cacheSize, logLevel, { ...logLevel, key: 'proxy-url', fallback: null }],
  incumbentKeys: [
    { key: 'proxy.cache.size', setting: 'cache-size', value: '16G' },
    { key: 'proxy.domain', setting: 'proxy-url', value: null },
    { key: 'internal.store.url', setting: 'proxy-url', value: null },
  ],
  leftBehind: [
    { prefix: 'proxy.db.', why: 'Holdfast has a database of its own' },
    { prefix: 'proxy.', why: 'the incumbent’s own' },
  ],
};
const withImport = {
  'GET /v1/settings': [200, here],
  'POST /v1/settings': [200, { settings: [], cursor: '7' }],
} as const;

it('shows and explains the keys of the Snap Store Proxy', async () => {
  const cli = await cliOf(withImport);
  expect((await cli.run(['config', 'proxy.cache.size'])).stdout).toBe('proxy.cache.size: 16G\n');
  expect(await cli.run(['config', 'proxy.db.connection'])).toMatchObject({
    exitCode: 3,
    stderr: containing('Holdfast has a database of its own'),
  });
});

it('exports what is set, and imports what it exports', async () => {
  const cli = await cliOf(withImport);
  const { stdout } = await cli.run(['config', '--export-yaml']);
  expect(stdout).toBe('cache-size: 16G\n');
  expect(await cli.run(['config', '--import-yaml', ...WHY], stdout)).toMatchObject({
    exitCode: 0,
    stdout: 'cache-size: 16G\n',
  });
  expect(control.seen.at(-1)?.body).toEqual({
    changes: [{ key: 'cache-size', value: '16G' }],
    reason: REASON,
  });
});

it('imports what the Snap Store Proxy exports, and sends none of its secrets', async () => {
  const cli = await cliOf(withImport);
  const exported = `
proxy.domain: snaps.example
proxy:
  cache.size: 4096
  db.connection: postgresql://me:hunter2@db/x
  hsm.token-pin: None
proxy.admin-emails: '[]'
internal.store.url: https://snaps.example
`;
  expect(await cli.run(['config', '--import-yaml', ...WHY], exported)).toMatchObject({
    exitCode: 0,
    stdout:
      'proxy.cache.size: 4096\ninternal.store.url: https://snaps.example\nproxy.domain: snaps.example\n',
    stderr:
      'proxy.db.connection is left behind: Holdfast has a database of its own\n' +
      'proxy.admin-emails is left behind: the incumbent’s own\n',
  });
  expect(JSON.stringify(control.seen)).not.toContain('hunter2');
});

it.each([
  ['proxy.domain: snaps.example\n', 0, 'set proxy-url to the whole address'],
  ['proxy.domain: localhost\n', 0, 'there is nothing to set in it'],
  ['cache-sice: 1G\n', 2, 'nothing was changed: cache-sice: no such setting'],
  ['- a\n- b\n', 2, 'it has no keys'],
  ['a: &x 1\nb: *x\n', 2, 'it is no YAML'],
  ['"', 2, 'it is no YAML'],
])('sets nothing for %j', async (text, exitCode, sentence) => {
  const cli = await cliOf(withImport);
  expect(await cli.run(['config', '--import-yaml', ...WHY], text)).toMatchObject({
    exitCode,
    stderr: containing(sentence),
  });
  expect(control.seen.filter(({ request }) => request.startsWith('POST'))).toEqual([]);
});

it('wants a reason to import, and one thing at once', async () => {
  const cli = await cliOf({});
  expect(await cli.run(['config', '--import-yaml'], 'cache-size: 1G')).toMatchObject({ exitCode: 2 });
  expect(await cli.run(['config', '--import-yaml', '--export-yaml'])).toMatchObject({ exitCode: 2 });
  expect(await cli.run(['config', '--export-yaml', 'cache-size=1'])).toMatchObject({ exitCode: 2 });
  expect(control.seen).toEqual([]);
});

const ofSigning = {
  ...cacheSize,
  key: 'second-component',
  value: null,
  fallback: 'optional',
  variable: 'HOLDFAST_SECOND_COMPONENT',
  readBy: ['control'],
  running: { value: 'optional', digest: null, from: 'default' },
  takesTwo: true,
  requested: { value: 'required', requestedBy: 'Ada', expiresAt: '2026-11-29T12:48:14.123Z' },
  waiting: false,
};

it('R22: says who confirms what takes two people, and shows that it waits', async () => {
  const settings = { settings: [ofSigning], incumbentKeys: [], leftBehind: [] };
  const cli = await cliOf({
    'GET /v1/settings': [200, settings],
    'POST /v1/settings': [200, { settings: [ofSigning], cursor: null }],
  });
  const asked = await cli.run(['config', 'second-component=required', ...WHY]);
  expect(asked).toMatchObject({ exitCode: 0, stdout: '' });
  expect(asked.stderr).toContain('"holdfast config --confirm second-component=required"');
  expect((await cli.run(['config'])).stdout).toContain('To confirm');
});

it('R22: confirms exactly what was asked for, with the password', async () => {
  const made = { ...ofSigning, value: 'required', requested: null };
  const cli = await cliOf({
    'POST /v1/settings/second-component/confirm': [200, { settings: [made], cursor: null }],
  });
  const args = ['config', '--confirm', 'second-component=required', '--password-stdin', ...WHY];
  expect(await cli.run(args, 'hunter2 is long enough\n')).toMatchObject({
    exitCode: 0,
    stdout: 'second-component: required\n',
  });
  expect(control.seen.at(-1)?.body).toEqual({
    value: 'required',
    password: 'hunter2 is long enough',
    reason: REASON,
  });
});

it('R22: leaves what takes two people out of an import, and says so', async () => {
  const cli = await cliOf({
    'GET /v1/settings': [200, { settings: [ofSigning], incumbentKeys: [], leftBehind: [] }],
  });
  const imported = await cli.run(['config', '--import-yaml', ...WHY], 'second-component: required\n');
  expect(imported.stderr).toContain('second-component is left as it is');
  expect(imported.exitCode).toBe(0);
  expect(control.seen.filter(({ request }) => request.startsWith('POST'))).toEqual([]);
});
