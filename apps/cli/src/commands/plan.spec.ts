import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const FILE = `first: canary
then:
  pilot: { soak-hours: 24, verified: yes }
  production: { soak-hours: 72, verified: yes, installed-percent: 90 }
overrides:
  lab-hello: { stable: 5, latest/edge: 6 }
`;
const ANSWERS = {
  'POST /v1/change-requests': [
    202,
    { id: 'CR-2026-0007', status: 'submitted', cursor: '9', inForce: [], accessInForce: null },
  ],
} as const;
const WHY = ['--reason', 'five mends the settings'];

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

async function asked(text: string, ...more: readonly string[]) {
  const { seen } = await cli.control(ANSWERS);
  const file = join(cli.folder, 'plan.yaml');
  writeFileSync(file, text);
  const ran = await cli.run(['plan', file, ...WHY, ...more]);
  return { ...ran, file, body: seen.at(-1)?.body };
}

describe('plan', () => {
  it('asks for all rings in one request, in order, with what each waits for', async () => {
    const { exitCode, stdout, body } = await asked(FILE, '--not-after', '2026-12-20T00:00+01:00');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('CR-2026-0007 submitted\n');
    expect(body).toEqual({
      ring: 'canary',
      stages: [
        { ring: 'pilot', soakHours: 24, verified: true },
        { ring: 'production', soakHours: 72, verified: true, installedPercent: 90 },
      ],
      items: [
        { snap: 'lab-hello', channel: 'stable', revision: 5 },
        { snap: 'lab-hello', channel: 'latest/edge', revision: 6 },
      ],
      submit: true,
      notAfter: '2026-12-19T23:00:00.000Z',
      reason: { code: 'other', text: 'five mends the settings' },
    });
  });

  it.each([
    ['no ring', FILE.replace('first: canary\n', ''), ':1: the file does not say "first"'],
    [
      'a gate that there is not',
      FILE.replace('soak-hours: 24', 'soak-days: 24'),
      ':3: soak-days is not known',
    ],
    ['half an hour', FILE.replace('24', '0.5'), ':3: soak-hours must be a whole number, not 0.5'],
    ['maybe', FILE.replace('verified: yes', 'verified: maybe'), ':3: verified must be yes or no, not maybe'],
    ['a revision that is none', FILE.replace('stable: 5', 'stable: x5'), ':6: '],
  ])('names the line of %s, and asks for nothing', async (_what, text, message) => {
    const { exitCode, stderr, file, body } = await asked(text);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`${file}${message}`);
    expect(body).toBeUndefined();
  });
});
