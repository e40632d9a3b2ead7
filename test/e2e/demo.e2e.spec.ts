import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoGo } from '#test/interop/sumdb/go-verifier';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Against a hang: how long it takes is the machine's affair. */
const HANGS_MS = 600_000;

const noGo = whyNoGo();
let folder: string;
let demo: Ended;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-demo-e2e-'));
  const program = resolve('dist/apps/demo/src/main.js');
  demo = await new Promise<Ended>((ended) => {
    // A database of the user's that the demo must not touch: nothing listens there, so touching it would end the demo.
    const env = {
      ...process.env,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
      HOLDFAST_HOME: '/nonexistent',
    };
    execFile(
      process.execPath,
      [program],
      { cwd: folder, env, timeout: HANGS_MS },
      (error, stdout, stderr) => {
        ended({ code: error ? ((error.code as unknown as number | undefined) ?? null) : 0, stdout, stderr });
      },
    );
  });
}, HANGS_MS + 10_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run demo', () => {
  it('plays the whole story and ends with 0', () => {
    expect(demo).toMatchObject({ code: 0, stderr: '' });
  });

  it('tells how the device kept the approved revision, and who decided', () => {
    expect(demo.stdout).toMatch(/gets revision 1, though upstream has 2/);
    for (const type of ['ChangeSubmitted', 'ArtefactsCaptured', 'ChangeApproved', 'OverrideSet']) {
      expect(demo.stdout).toContain(type);
    }
  });

  it('leaves a sealed ledger', async () => {
    const checkpoint = await readFile(join(folder, '.holdfast/demo/ledger/checkpoint'), 'utf8');
    expect(checkpoint.split('\n')[1]).toMatch(/^[1-9][0-9]+$/);
  });

  it.skipIf(noGo !== undefined)(
    `leaves a ledger that Go's sumdb checks${noGo === undefined ? '' : `: ${noGo}`}`,
    async () => {
      const command = ['test/interop/sumdb/verify.sh', join(folder, '.holdfast/demo/ledger')];
      const { stdout } = await promisify(execFile)('bash', command);
      expect(stdout).toMatch(/: [1-9][0-9]+ entries lead to the signed root; [1-9][0-9]* tiles equal\n$/);
    },
  );

  it('leaves nothing running', async () => {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const commands = await Promise.all(
      ids.map(async (id) => {
        const [line, cwd] = await Promise.all([
          readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''),
          readFile(`/proc/${id}/environ`, 'utf8').catch(() => ''),
        ]);
        return `${line} ${cwd}`;
      }),
    );
    expect(commands.filter((command) => command.includes(`${folder}/.holdfast`))).toEqual([]);
  });
});
