import { describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { TestCli, type Ran } from '../../testing/test-cli.js';

const RECORD = {
  id: 'CR-2026-0042',
  ring: 'default',
  author: { id: 'ana', name: 'Ana' },
  reason: { code: 'routine', text: 'tested per TP-88' },
  submittedAt: '2026-11-24T08:00:00.000Z',
  items: [],
  changes: [],
};
const DIGEST = recordDigest({ record: 'change-request', ...RECORD });
const signature = (signer: string, meaning: string) => ({
  signer,
  meaning,
  recordDigest: DIGEST,
  printedName: signer,
  signedAt: '2026-11-24T08:00:00.000Z',
  components: ['security-key'],
  credential: 'key',
  counts: true,
});
const view = (status: string, ...signatures: object[]) => {
  return { ...RECORD, status, record: RECORD, recordDigest: DIGEST, signatures, missing: [], history: [] };
};

/** Asks to approve, while these are what control shows, one after the other. */
async function approve(by: '--security-key' | '--browser', ...shown: readonly object[]): Promise<Ran> {
  return decide('approve', by, ...shown);
}

async function decide(
  verb: 'approve' | 'review',
  by: '--security-key' | '--browser',
  ...shown: readonly object[]
): Promise<Ran> {
  const cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  let asked = 0;
  await cli.control({
    get 'GET /v1/change-requests/CR-2026-0042'() {
      return [200, shown[Math.min(asked++, shown.length - 1)]] as const;
    },
    'GET /v1/me/security-keys': [200, { securityKeys: [], page: 'https://holdfast.example/security-key' }],
    'GET /v1/me': [200, { id: 'ben', login: 'ben' }],
  });
  const reason = ['--reason', 'tested on three devices'];
  return cli.run(['change', verb, 'CR-2026-0042', by, ...reason]);
}

describe('change approve, in a browser', () => {
  const before = view('in-review', signature('eva', 'approved'));

  it.each(['--security-key', '--browser'] as const)(
    '%s says where to sign, with the digest of what was shown, and waits for that signature',
    async (by) => {
      const after = view('approved', signature('eva', 'approved'), signature('ben', 'approved'));
      const { exitCode, stdout, stderr } = await approve(by, before, before, before, after);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CR-2026-0042 approved\n' });
      expect(stderr).toContain(
        `https://holdfast.example/security-key#approve=CR-2026-0042&digest=${DIGEST}&code=other&reason=tested+on+three+devices&ticket=&login=ben`,
      );
    },
  );

  it('R17: waits for the review, and says at which page it is signed as one', async () => {
    const fresh = view('captured');
    const { exitCode, stdout, stderr } = await decide(
      'review',
      '--browser',
      fresh,
      fresh,
      view('in-review', signature('ben', 'reviewed')),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CR-2026-0042 in-review\n' });
    expect(stderr).toContain(`/security-key#review-change=CR-2026-0042&digest=${DIGEST}&`);
  });

  it('fails when its person signed something else meanwhile', async () => {
    const after = view('rejected', signature('eva', 'approved'), signature('ben', 'rejected'));
    const { exitCode, stdout, stderr } = await approve('--security-key', before, before, after);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toContain('CR-2026-0042 is rejected: you signed "rejected"');
  });
});
