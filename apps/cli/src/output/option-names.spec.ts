import { describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';
import { inOptionNames } from './option-names.js';

const SHORT = 'must say why in at least 10 characters, and at most 2000';

describe('what is wrong with a request', () => {
  it.each([
    ['/reason/text', ['--reason', 'short'], '--reason'],
    ['/reason/ticket', ['--reason', 'short', '--ticket=x'], '--ticket'],
    ['/lookedAt', ['--looked-at', 'line 3'], '--looked-at'],
    ['/items/0/snap', ['override', 'lab-hello', 'stable=1'], '/items/0/snap'],
    ['/', ['--'], '/'],
    ['', ['--ring', 'pilot'], ''],
  ])('at %s of what %j asked for is said of %s', (pointer, argv, name) => {
    expect(inOptionNames([{ pointer, detail: 'is wrong' }], argv)).toBe(`${name} is wrong`);
  });

  it('is said of each option that was typed, and in JSON as the server said it', async () => {
    const cli = new TestCli();
    cli.env['HOLDFAST_TOKEN'] = 'token';
    const errors = [
      { pointer: '/reason/text', detail: SHORT },
      { pointer: '/reason/ticket', detail: 'must be shorter' },
    ];
    const refused = { code: 'reason-required', title: 'Refused', detail: `/reason/text ${SHORT}`, errors };
    await cli.control({
      'GET /v1/rings': [200, { rings: ['pilot'] }],
      'POST /v1/rings/pilot/halt': [400, refused],
    });
    const asked = ['halt', 'pilot', '--reason', 'short', '--ticket', 'CHG-2042'];
    expect(await cli.run(asked)).toMatchObject({
      exitCode: 2,
      stderr: `error: --reason ${SHORT}; --ticket must be shorter\n`,
    });
    const { stderr } = await cli.run(['--format', 'json', ...asked]);
    expect(JSON.parse(stderr)).toMatchObject(refused);
  });
});
