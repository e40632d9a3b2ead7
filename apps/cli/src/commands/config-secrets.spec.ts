import { describe, expect, it } from 'vitest';
import { problem, type ControlFixture } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const DIGEST = '0123456789abcdef'.repeat(4);
const secret = {
  key: 'forward-proxy-credentials',
  value: null,
  secret: true,
  digest: DIGEST,
  fallback: null,
  variable: 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE',
  readBy: ['worker', 'proxy'],
  running: { value: null, digest: null, from: 'default' },
  waiting: true,
};
const address = {
  ...secret,
  key: 'forward-proxy',
  value: 'http://proxy.example:3128',
  secret: false,
  digest: null,
  variable: 'HOLDFAST_FORWARD_PROXY',
};
const incumbentKeys = [{ key: 'proxy.https.proxy', setting: 'forward-proxy', value: address.value }];
const shown = {
  'GET /v1/settings': [200, { settings: [address, secret], incumbentKeys, leftBehind: [] }],
} as const;
const withSet = {
  ...shown,
  'POST /v1/settings': [200, { settings: [secret], cursor: '7' }],
} as const;
const revealed = [200, { secrets: [{ key: secret.key, value: 'me:hunter2' }], cursor: '8' }] as const;
const withReveal = { ...shown, 'POST /v1/settings/reveal': revealed } as const;
const WHY = ['--reason', 'the yearly change of it'];
const REASON = { code: 'other', text: 'the yearly change of it' };
const containing = (text: string): unknown => expect.stringContaining(text);

let control: ControlFixture;

async function cliOf(answers: Parameters<typeof ControlFixture.start>[0]): Promise<TestCli> {
  const cli = new TestCli();
  control = await cli.control(answers);
  return cli;
}

const posted = () => control.seen.filter(({ request }) => request.startsWith('POST'));

describe('a secret setting', () => {
  it('is listed as set, with the beginning of its digest', async () => {
    const cli = await cliOf(shown);
    expect((await cli.run(['config'])).stdout).toMatch(
      /^forward-proxy-credentials +<set: 0123456789ab> +- +default +<set: 0123456789ab>$/m,
    );
    expect((await cli.run(['config', secret.key])).stdout).toBe(`${secret.key}: <set: 0123456789ab>\n`);
  });

  it.each([
    ['standard input', 'me:hunter2 \nwhat follows', false, ''],
    ['a person at a terminal', 'me:hunter2 \r', true, `${secret.key}: \n`],
  ])('is taken from %s, and not repeated', async (_who, typed, atTerminal, prompt) => {
    const cli = await cliOf(withSet);
    expect(await cli.run(['config', `${secret.key}=-`, ...WHY], typed, atTerminal)).toEqual({
      exitCode: 0,
      stdout: `${secret.key}: <set: 0123456789ab>\n`,
      stderr: `${prompt}${secret.key} is in force from the next start of worker, proxy\n`,
    });
    const changes = [{ key: secret.key, value: 'me:hunter2 ' }];
    expect(posted()).toMatchObject([{ body: { changes, reason: REASON } }]);
  });

  it('is given up on the command line', async () => {
    const gone = { ...secret, digest: null, waiting: false };
    const cli = await cliOf({ ...shown, 'POST /v1/settings': [200, { settings: [gone], cursor: '7' }] });
    expect((await cli.run(['config', `${secret.key}=`, ...WHY])).stdout).toBe(`${secret.key}:\n`);
  });

  it.each([`${secret.key}=me:hunter2`, 'proxy.https.proxy=http://me:hunter2@proxy.example:3128'])(
    'is not taken from the command line: %s',
    async (word) => {
      const cli = await cliOf(withSet);
      const ran = await cli.run(['config', word, ...WHY]);
      expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ran.stderr).toMatch(
        /^(?!.*hunter2).*other users of this machine can see the arguments .* say [a-z.-]+=-/s,
      );
      expect(posted()).toEqual([]);
    },
  );

  it('comes with the address by the Snap Store Proxy’s key, which is not repeated', async () => {
    const cli = await cliOf({
      ...shown,
      'POST /v1/settings': [200, { settings: [address, secret], cursor: '7' }],
    });
    const url = 'http://me:hunter2@proxy.example:3128';
    for (const [argv, typed] of [
      [['config', 'proxy.https.proxy=-', ...WHY], url],
      [['config', '--import-yaml', ...WHY], `proxy.https.proxy: ${url}\n`],
    ] as const) {
      expect(await cli.run(argv, typed)).toMatchObject({
        exitCode: 0,
        stdout: `proxy.https.proxy: http://proxy.example:3128\n${secret.key}: <set: 0123456789ab>\n`,
      });
      expect(posted().at(-1)?.body).toMatchObject({ changes: [{ key: 'proxy.https.proxy', value: url }] });
    }
  });

  it('is asked for once, and must be something', async () => {
    const cli = await cliOf(withSet);
    const both = ['config', `${secret.key}=-`, 'forward-proxy=-', ...WHY];
    expect(await cli.run(both, 'me:hunter2')).toMatchObject({ exitCode: 2, stderr: containing('one value') });
    const empty = await cli.run(['config', `${secret.key}=-`, ...WHY], '\nme:hunter2\n');
    expect(empty).toMatchObject({ exitCode: 2, stderr: containing('no value was given') });
    expect(posted()).toEqual([]);
  });

  it('is revealed with a reason', async () => {
    const cli = await cliOf(withReveal);
    expect(await cli.run(['config', secret.key, '--reveal'])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await cli.run(['config', '--reveal', ...WHY])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await cli.run(['config', `${secret.key}=-`, '--reveal', ...WHY])).toMatchObject({ exitCode: 2 });
    expect(posted()).toEqual([]);
    expect((await cli.run(['config', secret.key, '--reveal', ...WHY])).stdout).toBe(
      `${secret.key}: me:hunter2\n`,
    );
    expect(posted()).toMatchObject([
      { request: 'POST /v1/settings/reveal', body: { keys: [secret.key], reason: REASON } },
    ]);
  });

  it('is not shown when control refuses', async () => {
    const refused = problem(403, 'operator-required', 'anna does not have the role operator');
    const cli = await cliOf({ ...shown, 'POST /v1/settings/reveal': refused });
    for (const argv of [
      [secret.key, '--reveal'],
      ['--export-yaml', '--with-secrets'],
    ])
      expect(await cli.run(['config', ...argv, ...WHY])).toMatchObject({ exitCode: 4, stdout: '' });
  });

  it('is left out of an export, unless it is asked for', async () => {
    const cli = await cliOf(withReveal);
    expect(await cli.run(['config', '--export-yaml'])).toEqual({
      exitCode: 0,
      stdout: 'forward-proxy: http://proxy.example:3128\n',
      stderr: `${secret.key} is left out, since it is secret: --with-secrets --reason "…" exports it too\n`,
    });
    expect(await cli.run(['config', '--export-yaml', '--with-secrets'])).toMatchObject({ exitCode: 2 });
    expect(await cli.run(['config', '--with-secrets', ...WHY])).toMatchObject({ exitCode: 2 });
    expect(posted()).toEqual([]);
    expect(await cli.run(['config', '--export-yaml', '--with-secrets', ...WHY])).toEqual({
      exitCode: 0,
      stdout: 'forward-proxy: http://proxy.example:3128\nforward-proxy-credentials: me:hunter2\n',
      stderr: '',
    });
  });
});
