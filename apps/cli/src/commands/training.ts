import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { table } from '../output/table.js';

const TRAINED_ROLES = ['approver', 'qa'] as const;

interface TrainedOptions extends ReasonOptions {
  readonly document: string;
  readonly edition: string;
  readonly until: string;
}

/** Who is trained for which role with which people sign. */
export function addTraining(people: Command, cli: Cli): void {
  const trained = people
    .command('trained')
    .description('record that a person is trained for a role, on which document, and until when')
    .argument('<login>')
    .addArgument(new Argument('<role>').choices(TRAINED_ROLES))
    .requiredOption('--document <name>', 'what they were trained on, such as SOP-7')
    .requiredOption('--edition <version>', 'which version of it')
    .requiredOption(
      '--until <time>',
      'until when it is current, such as 2027-11-30 or 2027-11-30T12:00:00Z (UTC)',
    );
  withReason(trained).action(
    async (login: string, role: (typeof TRAINED_ROLES)[number], _options: unknown, command: Command) => {
      const invocation = new Invocation<TrainedOptions>(cli, command);
      const { document, edition: version, until: given } = invocation.options;
      const until = /^\d{4}-\d{2}-\d{2}$/.test(given) ? `${given}T00:00:00Z` : given;
      const connection = await invocation.connect();
      const body = { role, document, version, until, reason: reasonOf(invocation.options) };
      const done = await connection.control.person.recordTraining(login, body);
      await connection.remember(done.cursor);
      invocation.result(
        { login, role, document, version, until, ...done },
        () => `${login} is trained for the role ${role} until ${until}\n`,
      );
    },
  );
  people
    .command('training')
    .description('for which roles a person is trained, and until when')
    .argument('<login>')
    .action(async (login: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { training } = await control.person.training(login);
      invocation.result(training, () =>
        table(training, [
          { header: 'Role', cell: (row) => row.role },
          { header: 'Document', cell: (row) => row.document },
          { header: 'Version', cell: (row) => row.version },
          { header: 'Until', cell: (row) => row.until },
          { header: 'Current', cell: (row) => (row.current ? 'yes' : 'no') },
        ]),
      );
    });
}
