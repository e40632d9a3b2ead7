import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { missingProgram, ROOT } from '../systemd/unit.js';

const run = promisify(execFile);
const missing = await missingProgram('promtool');

/** What it prints. @throws Error with what it found wrong */
async function promtool(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('promtool', args, { cwd: path.join(ROOT, 'deploy/prometheus') });
  return stdout;
}

describe.skipIf(missing !== undefined)(
  `the alarms, as Prometheus reads them${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    it('are rules that it can evaluate', async () => {
      expect(await promtool('check', 'rules', 'alerts.yml')).toContain('SUCCESS');
    });

    it('fire when they should, and not for a standby that waits for its turn', async () => {
      expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
    });
  },
);
