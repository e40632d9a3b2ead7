import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { HOST_COMMANDS } from '../host/host-commands.js';

/**
 * Named here for the help; `run` gives them to the host before this tree sees them, unless an option stands before the name. What the host would make of that option
 * is not known here, and a backup that was never made must not end as one that was.
 */
export function addHostCommands(program: Command): void {
  for (const { name, description } of HOST_COMMANDS) {
    program
      .command(name)
      .description(description)
      .allowUnknownOption()
      .argument('[options...]', "the host's own: --help names them")
      .action(() => {
        throw new CliError(
          'usage',
          `nothing was done: "${name}" stands first, and its options after it; holdfast ${name} --help names them`,
        );
      });
  }
}
