import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KNOWN_SETTINGS } from '#platform/known-settings';
import { DEPLOY, missingProgram, ROOT, unitSettings, valuesOf } from './unit.js';

const run = promisify(execFile);
const missing = await missingProgram('systemd-analyze', 'systemd-sysusers');
/** Of 10: what it may be exposed to. Ours is 1.3: it has the network, and a compiler. */
const MOST_EXPOSED = '1.5';

describe.skipIf(missing !== undefined)(
  `the systemd unit${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let folder: string;
    let unit: string;

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'holdfast-units-'));
      await cp(DEPLOY, folder, { recursive: true });
      unit = path.join(folder, 'holdfast.service');
      await change((was) => was.replaceAll('/opt/holdfast', ROOT));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    async function change(how: (was: string) => string): Promise<void> {
      await writeFile(unit, how(await readFile(unit, 'utf8')));
    }

    async function analyze(...args: readonly string[]): Promise<{ status: number | null; output: string }> {
      const child = spawn('systemd-analyze', [...args, unit], { stdio: ['ignore', 'pipe', 'pipe'] });
      const [stdout, stderr] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { status: child.exitCode, output: stdout + stderr };
    }

    it('has nothing to complain of', async () => {
      expect(await analyze('verify', '--man=no')).toEqual({ status: 0, output: '' });
    });

    it.each([
      ['a setting that is none', 'ProtectHome=', 'ProtectHomes=', 'Unknown key'],
      ['a program that is not there', 'bin/node', 'bin/nodes', 'not executable'],
    ])('would notice %s', async (_, right, wrong, complaint) => {
      await change((was) => was.replace(right, wrong));
      expect((await analyze('verify', '--man=no')).output).toContain(complaint);
    });

    it('is shut in', async () => {
      const shut = ['security', '--offline=true', `--threshold=${Number(MOST_EXPOSED) * 10}`];
      expect(await analyze(...shut)).toMatchObject({ status: 0 });
      await change((was) => was.replace(/^CapabilityBoundingSet=$/m, ''));
      expect((await analyze(...shut)).status).not.toBe(0);
    });

    it('sets only what somebody reads', async () => {
      const set = valuesOf(await unitSettings(), 'Environment').map((value) => value.split('=')[0]);
      expect(set).toContain('HOLDFAST_LEDGER_KEY_FILE');
      expect(set.filter((name) => !KNOWN_SETTINGS.includes(name ?? ''))).toEqual([]);
    });

    it('runs as an account that systemd-sysusers makes', async () => {
      // A machine that has no accounts yet; nothing is written.
      const machine = path.join(folder, 'machine');
      await cp(path.join(DEPLOY, 'holdfast.sysusers'), path.join(machine, 'etc/sysusers.d/holdfast.conf'));
      const { stdout, stderr } = await run('systemd-sysusers', [`--root=${machine}`, '--dry-run']);
      expect(valuesOf(await unitSettings(), 'User')).toEqual(['holdfast']);
      expect(stdout + stderr).toContain("Creating user 'holdfast'");
    });
  },
);
