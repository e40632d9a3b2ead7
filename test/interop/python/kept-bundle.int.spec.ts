import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TestCli } from '#apps/cli/src/testing/test-cli';
import { missingProgram } from '../systemd/unit.js';

const run = promisify(execFile);
const missing = await missingProgram('python3', 'openssl');

/** As `holdfast audit bundle` wrote it on that day, of the history that `npm run demo` makes. It is never made anew: what was written then is read for good. */
const BUNDLE = join(import.meta.dirname, 'bundle-of-2026-11-27');
const VKEY = readFileSync(join(BUNDLE, 'log.vkey'), 'utf8').trim();

describe.skipIf(missing !== undefined)('R10: a bundle that an earlier release wrote', () => {
  it.each([
    ['the program that is in it', join(BUNDLE, 'read-trail.py')],
    ["this release's program", 'tools/read-trail.py'],
  ])('is read and checked by %s', async (_whose, program) => {
    const { stdout, stderr } = await run('python3', ['-I', program, BUNDLE, '--vkey', VKEY]);
    expect(stderr).toBe(
      '34 events, as they were sealed: root dllHW+V7Tr9OtvAeM79oL0fC7orPapNWdK7pt0IX9Ac=\n',
    );
    const approved = stdout.split('\n').find((line) => line.includes('ChangeApproved')) ?? '';
    expect(approved).toContain('2026-11-27T22:58:17.941Z');
    expect(approved).toContain('Ben Okafor  ChangeApproved  change-request/CR-2026-0001');
    expect(approved).toMatch(/\[signed by Ben Okafor at 2026-11-27T22:58:17\.\d{3}Z: approved\]$/);
  });

  it('passes what this release verifies', async () => {
    const { exitCode, stdout } = await new TestCli().run(['verify', BUNDLE, '--vkey', VKEY]);
    expect(stdout).toContain('RESULT     PASS');
    expect(exitCode).toBe(0);
  });
});
