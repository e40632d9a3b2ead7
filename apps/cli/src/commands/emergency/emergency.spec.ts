import { expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { TestCli, type Ran } from '../../testing/test-cli.js';

const ID = 'CR-2026-0042';
const RECORD = {
  id: ID,
  ring: 'default',
  author: { id: 'olga', name: 'Olga' },
  reason: { code: 'emergency', text: 'line 3 stands still' },
  submittedAt: '2026-11-24T02:00:00.000Z',
  items: [],
  changes: [],
};
const DIGEST = recordDigest({ record: 'change-request', ...RECORD });
const signatureOf = (signer: string, meaning: string, digest: string) => ({
  signer,
  meaning,
  recordDigest: digest,
  printedName: signer,
  signedAt: '2026-11-24T02:10:00.000Z',
  components: ['password', 'security-key'],
  credential: 'key',
  policyVersion: 3,
  counts: true,
});
const RELEASED = signatureOf('olga', 'released', DIGEST);
const RELEASE = { ...RECORD, release: RELEASED, ratifyBy: '2026-11-24T14:10:00.000Z' };
const RELEASE_DIGEST = recordDigest({ record: 'emergency-release', ...RELEASE });
const emergency = {
  ratification: 'open',
  record: RELEASE,
  releaseDigest: RELEASE_DIGEST,
  soakPassedOver: null,
};
const view = (status: string, signatures: readonly object[], more: object = {}) => {
  const shown = { ...RECORD, status, record: RECORD, recordDigest: DIGEST, signatures };
  return { ...shown, emergency: null, missing: [], history: [], ...more };
};
const released = (...signatures: readonly object[]) =>
  view('effective', [RELEASED, ...signatures], { emergency });

/** While these are what control shows, one after the other; nothing but the page signs. */
async function typed(argv: readonly string[], signer: string, ...shown: readonly object[]): Promise<Ran> {
  const cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  let asked = 0;
  await cli.control({
    get [`GET /v1/change-requests/${ID}`]() {
      return [200, shown[Math.min(asked++, shown.length - 1)]] as const;
    },
    'GET /v1/approval-policies/default': [200, { ring: 'default', version: 3, rules: {} }],
    'GET /v1/me/security-keys': [200, { securityKeys: [], page: 'https://holdfast.example/security-key' }],
    'GET /v1/me': [200, { id: signer, login: signer }],
  });
  return cli.run(['emergency', ...argv, '--reason', 'line 3 stands still']);
}
const address = (verb: string, digest: string, login: string) =>
  `https://holdfast.example/security-key#${verb}=${ID}&digest=${digest}&code=other&reason=line+3+stands+still&ticket=&login=${login}`;

it.each(['--security-key', '--browser'])(
  'R22, R26: release %s says where to sign, and waits for it',
  async (by) => {
    const captured = view('captured', []);
    const { exitCode, stdout, stderr } = await typed(
      ['release', ID, by],
      'olga',
      captured,
      captured,
      released(),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${ID} released\n` });
    expect(stderr).toContain(address('release', DIGEST, 'olga'));
    expect(stderr).toContain('You RELEASE this to ring default, now, alone.');
    expect(stderr).toContain('It is in force.');
  },
);

it.each([
  ['ratify', 'ratify', 'ratified', 'ratified'],
  ['refuse', 'refuse-ratification', 'ratification-refused', 'refused'],
])(
  'R22, R26: %s --browser says where to sign, over the release, and waits for it',
  async (command, verb, meaning, says) => {
    const signed = released(signatureOf('ben', meaning, RELEASE_DIGEST));
    const { exitCode, stdout, stderr } = await typed(
      [command, ID, '--browser'],
      'ben',
      released(),
      released(),
      signed,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${ID} ${says}\n` });
    expect(stderr).toContain(address(verb, RELEASE_DIGEST, 'ben'));
  },
);

it.each([
  ['release', view('captured', [])],
  ['ratify', released()],
])('R19, R26: %s signs nothing but the record that is named', async (command, shown) => {
  const argv = [command, ID, '--browser', '--record-digest', 'f'.repeat(64)];
  const { exitCode, stderr } = await typed(argv, 'ben', shown);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(`not ${'f'.repeat(64)}; look at it again`);
  expect(stderr).not.toContain('https://holdfast.example/');
});
