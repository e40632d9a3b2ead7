import { beforeEach, describe, expect, it } from 'vitest';
import { REASON } from '../testing/lab-change.js';
import { TestCli } from '../testing/test-cli.js';

const SENT = { code: 'other', text: 'tested on three devices' };
const URL = '/v1/people/ben/identity-reference';

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('R20: people identify', () => {
  it.each([
    [true, 'the identity reference of ben is recorded\n'],
    [
      false,
      'it is recorded once another admin, or qa, says "holdfast people confirm-identity ben" with the same\n',
    ],
  ])('says by what the site knows somebody (%s)', async (recorded, says) => {
    const { seen } = await cli.control({ [`POST ${URL}`]: [200, { recorded, cursor: '9' }] });
    const { exitCode, stdout } = await cli.run(['people', 'identify', 'ben', 'E-4711', ...REASON]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: says });
    expect(seen).toMatchObject([{ body: { identityReference: 'E-4711', reason: SENT } }]);
  });

  it('is confirmed with the password', async () => {
    const { seen } = await cli.control({ [`POST ${URL}/confirm`]: [200, { cursor: '9' }] });
    const words = ['people', 'confirm-identity', 'ben', 'E-4711', '--password-stdin', ...REASON];
    expect(await cli.run(words, 'correct horse\n')).toMatchObject({
      exitCode: 0,
      stdout: 'the identity reference of ben is recorded\n',
    });
    expect(seen).toMatchObject([
      { body: { identityReference: 'E-4711', password: 'correct horse', reason: SENT } },
    ]);
  });
});
