import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { REASON } from '../testing/lab-change.js';
import { TestCli } from '../testing/test-cli.js';

const SENT = { code: 'other', text: 'tested on three devices' };
const PAIR = '/v1/people/ana/same-person/ann';
const TYPED = ['correct horse\r', '123456\r'];

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('R27: people same-person', () => {
  it.each([
    ['same-person', `POST ${PAIR}`, true, 'ana and ann count as one person\n'],
    [
      'same-person',
      `POST ${PAIR}`,
      false,
      'ana and ann count as one person once another admin, or qa, says "holdfast people confirm-same-person ana ann"\n',
    ],
    [
      'not-same-person',
      `DELETE ${PAIR}`,
      false,
      'ana and ann count as two persons again once another admin, or qa, says "holdfast people confirm-not-same-person ana ann"\n',
    ],
  ])('%s asks for %s, and says whether that was enough (%s)', async (verb, request, inForce, says) => {
    const { seen } = await cli.control({ [request]: [200, { inForce, cursor: '9' }] });
    const { exitCode, stdout } = await cli.run(['people', verb, 'ana', 'ann', ...REASON]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: says });
    expect(seen).toMatchObject([{ body: { reason: SENT } }]);
  });

  it.each([
    [
      'confirm-same-person',
      'confirm',
      'second-component-required',
      TYPED,
      { code: '123456' },
      'ana and ann count as one person\n',
    ],
    [
      'confirm-not-same-person',
      'confirm-revocation',
      'login-required',
      ['correct horse\r', 'ben\r'],
      { login: 'ben' },
      'ana and ann count as two persons again\n',
    ],
  ])(
    '%s asks for the password, and for what control says is missing',
    async (verb, act, code, typed, more, says) => {
      let asked = 0;
      const { seen } = await cli.control({
        get [`POST ${PAIR}/${act}`]() {
          const missing = problem(403, code, 'give it too');
          return asked++ === 0 ? missing : ([200, { inForce: true, cursor: '9' }] as const);
        },
      });
      const { exitCode, stdout } = await cli.run(['people', verb, 'ana', 'ann', ...REASON], typed, true);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: says });
      const own = { password: 'correct horse', reason: SENT };
      expect(seen.map(({ body }) => body)).toEqual([own, { ...own, ...more }]);
    },
  );

  it('same-persons lists them, and what waits', async () => {
    const line = { accounts: ['ana', 'ann'], status: 'asked', from: null, until: null, requestedBy: 'Eve' };
    await cli.control({ 'GET /v1/same-persons': [200, [line]] });
    const { stdout } = await cli.run(['people', 'same-persons']);
    expect(stdout).toMatch(/^ana, ann +asked +- +- +Eve$/m);
  });
});
