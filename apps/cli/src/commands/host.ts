import type { Command } from 'commander';
import { HOST_COMMANDS } from '../host/host-commands.js';

/** Named here for the help; `run` gives them to the host before this tree sees them. */
export function addHostCommands(program: Command): void {
  for (const { name, description } of HOST_COMMANDS) {
    program
      .command(name)
      .description(description)
      .allowUnknownOption()
      .argument('[options...]', "the host's own: --help names them");
  }
}
