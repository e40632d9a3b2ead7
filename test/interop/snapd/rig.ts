import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readTestKeys, type TestKeys } from './test-keys.js';

const run = promisify(execFile);
const HERE = path.dirname(fileURLToPath(import.meta.url));
const RIG_DIR = process.env['HOLDFAST_RIG_DIR'] ?? path.resolve(HERE, '../../../.rig');
const MISSING_STATUS = 3;

export interface SnapRig extends TestKeys {
  /** The client; trusts Canonical's root and snapd's published test root. */
  readonly snapBin: string;
  /** The daemon; trusts the same. */
  readonly snapdBin: string;
  /** A store: one revision a snap, no channels. */
  readonly fakestoreBin: string;
}

export interface NoSnapRig {
  /** What the machine lacks, for the name of a skipped suite. */
  readonly missing: string;
}

/**
 * snapd's own programs, built when they are not there yet (about a minute and a half), and its test keys, for the spec file that asks. Await it once, at
 * the top of that file, before `describe`: whether a suite is skipped must be known when it is defined, and no hook waits that long.
 */
export async function buildSnapRig(): Promise<SnapRig | NoSnapRig> {
  if (process.platform !== 'linux') return { missing: 'Linux' };
  try {
    await run(path.join(HERE, 'build.sh'), { env: { ...process.env, HOLDFAST_RIG_DIR: RIG_DIR } });
  } catch (error) {
    const missing = missingProgram(error);
    if (missing === undefined) throw error;
    return { missing };
  }
  const bin = (name: string): string => path.join(RIG_DIR, 'bin', name);
  return {
    snapBin: bin('snap'),
    snapdBin: bin('snapd'),
    fakestoreBin: bin('fakestore'),
    ...(await readTestKeys()),
  };
}

/** For `describe.skipIf`: undefined for a rig that is there. */
export function missingFrom(rig: SnapRig | NoSnapRig): string | undefined {
  return 'missing' in rig ? rig.missing : undefined;
}

/** The rig, in a suite that was not skipped. */
export function presentRig(rig: SnapRig | NoSnapRig): SnapRig {
  if ('missing' in rig) throw new Error(`there is no snapd rig: ${rig.missing} is missing`);
  return rig;
}

/** The last line of what build.sh said when it gave up for want of something. */
function missingProgram(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== MISSING_STATUS) return undefined;
  const said =
    'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trimEnd().split('\n') : [];
  return said.at(-1) ?? 'something';
}
