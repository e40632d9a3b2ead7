import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { chronyTracking, timedatectlShow, timesyncdFile, type TimeSynchronisation } from './sources.js';

const run = promisify(execFile);

/** Where the answers come from. */
export interface TimeSources {
  /** A program and its arguments, as {@link timedatectl}. */
  readonly chronyc: readonly [program: string, ...rest: string[]];
  readonly timedatectl: readonly [program: string, ...rest: string[]];
  /** The file that systemd-timesyncd touches. */
  readonly timesyncd: string;
}

export const USUAL_TIME_SOURCES: TimeSources = {
  chronyc: ['chronyc', '-n', '-c', 'tracking'],
  timedatectl: ['timedatectl', 'show', '--property=NTPSynchronized'],
  timesyncd: '/run/systemd/timesync/synchronized',
};

const UNKNOWN: TimeSynchronisation = { state: 'unknown', source: 'none' };

/** Where system programs are: not what a server's own PATH says. */
const PROGRAMS = '/usr/bin:/usr/sbin:/bin:/sbin';
const PATIENCE_MS = 2_000;

/**
 * Asks chrony, then systemd, then looks for what systemd-timesyncd leaves. Who cannot be asked is passed over: in a container, where the clock is the host's, mostly all
 * of them. Never fails, and never takes longer than two programs may, each with two seconds and no shell.
 */
export async function readTimeSynchronisation(
  sources: TimeSources = USUAL_TIME_SOURCES,
): Promise<TimeSynchronisation> {
  return (
    chronyTracking(await printed(sources.chronyc)) ??
    timedatectlShow(await printed(sources.timedatectl)) ??
    (await fileOfTimesyncd(sources.timesyncd)) ??
    UNKNOWN
  );
}

/** Nothing when it is not installed, fails, says too much or takes too long. */
async function printed([program, ...rest]: readonly [string, ...string[]]): Promise<string> {
  try {
    const options = {
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 4_096,
      env: { PATH: PROGRAMS, LC_ALL: 'C' },
    } as const;
    return (await run(program, rest, options)).stdout;
  } catch {
    return '';
  }
}

async function fileOfTimesyncd(file: string): Promise<TimeSynchronisation | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && timesyncdFile(found.mtimeMs, Date.now());
}
