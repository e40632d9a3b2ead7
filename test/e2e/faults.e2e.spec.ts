import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MOMENTS } from '../faults/kinds.js';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Against a hang: how long it takes is the machine's affair. */
const LONG_MS = 1_200_000;

function faults(...args: string[]): Promise<Ended> {
  return new Promise((ended) => {
    const program = resolve('dist/test/faults/main.js');
    execFile(process.execPath, [program, ...args], { timeout: LONG_MS }, (error, stdout, stderr) => {
      ended({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** Each process, each moment, each sort of outage, the clock; `npm run faults` by hand plays any number of all of them. */
const FEW = [
  'control@append',
  'worker@capture',
  'projector@rebuild',
  'proxy+postgres@download',
  'everything@projection',
  'away@append',
  'frozen@download',
  'clock@seal',
];
const AWAY_S = '4';

it.each([
  ...MOMENTS,
  'control',
  'worker',
  'projector',
  'proxy',
  'postgres',
  'everything',
  'away',
  'frozen',
  'clock',
])('%s is among the faults that are played here', (word) => {
  expect(FEW.some((name) => name.split(/[@+]/).includes(word))).toBe(true);
});

describe('npm run faults', () => {
  let played: Ended;
  beforeAll(async () => {
    const rounds = String(FEW.length);
    played = await faults('--rounds', rounds, '--seed', '1', '--away', AWAY_S, '--only', ...FEW);
  }, LONG_MS);

  it('loses nothing, does nothing twice, and comes back by itself', () => {
    expect(played).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^8 rounds, 8 kinds of fault[^]*^findings: 0$/m) as string,
      stderr: '',
    });
  });

  it('says what is wrong with its arguments', async () => {
    expect(await faults('--rounds', 'many')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--rounds must be a whole number from 1 on, not many') as string,
    });
    expect(await faults('--only', 'wokrer')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no fault wokrer') as string,
    });
  });
});

const missing = process.getuid?.() === 0 ? '' : ', which wants root, to mount small disks';

describe.skipIf(missing !== '')(`npm run faults with full disks${missing}`, () => {
  it(
    'says what goes on and what waits, for each folder, and goes on by itself once there is room',
    async () => {
      expect(await faults('--rounds', '6', '--seed', '1', '--only', 'full')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^6 rounds, 6 kinds of fault[^]*^findings: 0$/m) as string,
        stderr: '',
      });
    },
    LONG_MS,
  );
});
