import { Argument, type Command } from 'commander';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { fields } from '../../output/table.js';
import { filterIn, mailIn, withFilter, withMail, type FilterOptions, type MailOptions } from './options.js';

interface ChangeOptions extends ReasonOptions, FilterOptions, MailOptions {
  readonly address?: string;
  readonly everything?: true;
  readonly newSecret?: true;
  readonly withoutCredentials?: true;
}

/** `holdfast sink change NAME` */
export function addChange(sink: Command, cli: Cli): void {
  const change = sink
    .command('change')
    .description('change where a sink is, what it is told of, or its secret; it goes on where it was')
    .addArgument(new Argument('<name>', 'its name'))
    .option('--address <address>', 'where it is from now on')
    .option('--everything', 'tell it of everything')
    .option('--without-credentials', 'a mail server asks for no credentials any more')
    .option('--new-secret', 'sign a webhook with another secret from now on, which is printed once');
  withReason(withFilter(withMail(change))).action(
    async (name: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<ChangeOptions>(cli, command);
      const { address, everything, newSecret = false, withoutCredentials, ...options } = invocation.options;
      if (everything && (options.about ?? options.type))
        throw new CliError('usage', '--everything is instead of --about and --type');
      const connection = await invocation.connect();
      const changed = await connection.control.sinks.change(name, {
        ...(address !== undefined && { address }),
        ...(everything ? { about: [], types: [] } : {}),
        ...(await mailIn(cli, options)),
        ...filterIn(options),
        newSecret,
        ...(withoutCredentials && { noCredentials: true }),
        reason: reasonOf(options),
      });
      await connection.remember(changed.cursor);
      invocation.result(changed, () => fields([['Sink', name], ...secretOf(changed.secret)]));
      if (changed.cursor === null) invocation.say('It was so already: nothing was recorded.');
    },
  );
}

function secretOf(secret: string | null): [string, string][] {
  return secret === null ? [] : [['Secret', secret]];
}
