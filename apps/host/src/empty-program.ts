import { Command } from 'commander';

/** The host's program, to which its commands are added: they end as it does, with an error instead of the process. People call it by the CLI's name. */
export function emptyProgram(): Command {
  return new Command('holdfast').description('Commands that run where the servers run').exitOverride();
}
