import { CommanderError, type Command } from 'commander';
import type { Cli } from './cli.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { HOST_COMMANDS } from './host/host-commands.js';
import { spawnHost } from './host/spawn-host.js';
import { OWN_NAME } from './names.js';
import { reportError } from './output/report-error.js';

/** Runs one command line. @returns what to exit with; errors are said on standard error, never thrown */
export async function run(argv: readonly string[], cli: Cli): Promise<number> {
  try {
    // The host knows its own options: what it is asked goes to it as it stands.
    const words = inTheirWords(argv, cli);
    if (HOST_COMMANDS.some(({ name }) => name === words[0])) return await spawnHost(cli, words);
    const program = await ownProgram(cli);
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    // Without a subcommand commander has shown the help, which says more than an error would.
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    return reportError(cli, error, wantsJson(argv), argv) satisfies ExitCode;
  }
}

/** Loaded when it is needed: a site's start does not wait for commands that it does not run. */
async function ownProgram(cli: Cli): Promise<Command> {
  const [{ buildProgram }, { addOldVerbs }] = await Promise.all([
    import('./program.js'),
    import('./commands/old-verbs.js'),
  ]);
  const program = buildProgram(cli);
  addOldVerbs(program);
  return program;
}

/** Scripts that call the program by an old name read what `status` says there, and have no session. */
function inTheirWords(argv: readonly string[], { name }: Cli): readonly string[] {
  return name !== OWN_NAME && argv[0] === 'status' ? ['store-status', ...argv.slice(1)] : argv;
}

/** Looked up by hand: the command line itself may be what is wrong. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--format=json') || argv[argv.indexOf('--format') + 1] === 'json';
}
