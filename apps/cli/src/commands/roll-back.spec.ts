import { beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { TestCli } from '../testing/test-cli.js';

const TEXT = 'revision 12 loses its settings, line 3 stands still';
const REASON = ['--reason', TEXT];
const SHOW = 'GET /v1/change-requests/CR-2026-0042/roll-back';
const DRAFT = 'POST /v1/change-requests';
const target = { format: 'snap', subject: 'labtool', channel: 'latest/stable', architecture: 'amd64' };
const way = {
  name: 'lab-tool',
  target,
  from: '12',
  to: '11',
  inForce: '12',
  movedOn: false,
  epochs: { are: 'differ', from: '1*', to: '0' },
};
const FOUND = {
  id: 'CR-2026-0042',
  ring: 'pilot',
  policyDigest: 'ab'.repeat(32),
  targets: [way],
  figures: [{ name: 'lab-tool', subject: 'labtool', version: '12', offered: 9, downloaded: 7, installed: 5 }],
};
const DRAFTED = { id: 'CR-2026-0043', status: 'submitted', cursor: '20', inForce: [], accessInForce: null };

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('roll-back', () => {
  it('shows old and new, epochs, who has it, how long it takes, that data stays, and what to run; then asks for it', async () => {
    const { seen } = await cli.control({ [SHOW]: [200, FOUND], [DRAFT]: [202, DRAFTED] });
    const { exitCode, stdout, stderr } = await cli.run(['roll-back', 'CR-2026-0042', ...REASON]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^CR-2026-0043 submitted$/m);
    expect(stderr).toMatch(/^lab-tool +stable +amd64 +12 +11 +1\* → 0$/m);
    expect(stderr).toMatch(/^Already +Have it now .*\nlab-tool 12 +5 +9 +7$/m);
    for (const said of [
      'epochs of lab-tool differ',
      'six hours',
      'Data is not rolled back',
      'sudo snap revert lab-tool',
    ])
      expect(stderr).toContain(said);
    expect(seen.at(-1)?.body).toMatchObject({
      ring: 'pilot',
      ifPolicy: FOUND.policyDigest,
      items: [{ snap: 'lab-tool', channel: 'latest/stable', architecture: 'amd64', revision: 11 }],
      reason: { text: TEXT },
    });
  });

  it('gives back to upstream what was not held before', async () => {
    const targets = [{ ...way, to: null }];
    const { seen } = await cli.control({ [SHOW]: [200, { ...FOUND, targets }], [DRAFT]: [202, DRAFTED] });
    await cli.run(['roll-back', 'CR-2026-0042', ...REASON]);
    expect(seen.at(-1)?.body).toMatchObject({ items: [{ revision: null }] });
  });

  it('writes nothing with --dry-run, and asks for no reason then', async () => {
    const { seen } = await cli.control({ [SHOW]: [200, FOUND] });
    const { exitCode, stdout } = await cli.run(['roll-back', 'CR-2026-0042', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^lab-tool +stable/m);
    expect(seen.map(({ request }) => request)).toEqual([SHOW]);
  });

  it.each([['--security-key'], ['--browser'], ['--password-stdin'], ['--password-file', 'secret.txt']])(
    'asks for nothing where %s is given and no signature is',
    async (...proof) => {
      const { seen } = await cli.control({ [SHOW]: [200, FOUND], [DRAFT]: [202, DRAFTED] });
      for (const more of [REASON, ['--dry-run']]) {
        const { exitCode, stdout, stderr } = await cli.run(['roll-back', 'CR-2026-0042', ...proof, ...more]);
        expect([exitCode, stdout]).toEqual([EXIT.usage, '']);
        expect(stderr).toContain(`${proof[0]} signs`);
        expect(stderr).toContain('--emergency');
      }
      expect(seen).toEqual([]);
    },
  );

  it('asks for nothing where the ring was changed since', async () => {
    const targets = [{ ...way, inForce: '13', movedOn: true }];
    const { seen } = await cli.control({ [SHOW]: [200, { ...FOUND, targets }] });
    const { exitCode, stderr } = await cli.run(['roll-back', 'CR-2026-0042', ...REASON]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('lab-tool latest/stable amd64 is 13');
    expect(seen).toHaveLength(1);
  });
});
