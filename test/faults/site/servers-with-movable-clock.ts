import childProcess, { type SpawnOptions } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

/*
 * Loaded before `holdfast up`, whose program and servers stay what they are: each server that it starts gets a clock that the loop moves.
 * A variable that does the same does not come so far: `up` hands its servers what it knows, and nothing else.
 */

const CLOCK = fileURLToPath(new URL('./movable-clock.js', import.meta.url));
const { spawn } = childProcess;

function spawnByClock(command: string, args: readonly string[], options: SpawnOptions) {
  if (!args.at(-1)?.includes('dist/apps/')) return spawn(command, args, options);
  const env = { ...options.env, FAULTS_CLOCK_FILE: process.env['FAULTS_CLOCK_FILE'] };
  return spawn(command, ['--import', CLOCK, ...args], { ...options, env });
}

Object.assign(childProcess, { spawn: spawnByClock });
syncBuiltinESMExports();
