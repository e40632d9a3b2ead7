import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';

/** A signal that ends a process is an exit code of 128 and its number, as shells have it. */
const SIGNALLED: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 130, SIGTERM: 143 };
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const;

/** Gives a command to the host program, with this terminal. @returns its exit code @throws CliError `no-host-program` */
export async function spawnHost(cli: Cli, argv: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [hostProgram(cli), ...argv], {
    stdio: 'inherit',
    env: { ...cli.env },
  });
  // A terminal's ctrl-c reaches the host by itself; this process waits until it has shut down in order.
  const ignore = () => undefined;
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', ignore);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal ? SIGNALLED[signal] : undefined) ?? 1));
    });
  } finally {
    process.off('SIGINT', ignore);
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}

/** @throws CliError `no-host-program` */
export function hostProgram(cli: Cli): string {
  if (existsSync(cli.hostProgram)) return cli.hostProgram;
  throw new CliError(
    'no-host-program',
    `${cli.hostProgram} is missing; in a checkout, run "npm run build" first`,
  );
}
