import { InvalidArgumentError, Option, type Command } from 'commander';
import { ROLES, TOPICS, type Role, type Topic } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import { promptHidden } from '../../input/prompt.js';
import { readAll } from '../../input/password.js';
import { parseCount } from '../../input/count.js';

export interface FilterOptions {
  readonly about?: readonly Topic[];
  readonly type?: readonly string[];
  readonly giveUpAfter?: number;
}

/** What may be said of a sink when it is added, and later. */
export function withFilter(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--about <topic...>',
        'what people ask to be told of; without --about and --type: everything',
      ).choices(TOPICS),
    )
    .option('--type <event...>', 'types of events, beside those: OverrideSet, for example')
    .option('--give-up-after <hours>', 'when an event that it does not take is given up', parseCount);
}

export interface MailOptions {
  readonly from?: string;
  readonly role?: readonly Role[];
  readonly to?: readonly string[];
  readonly credentials?: true;
}

/** Whom a mail is from and for. */
export function withMail(command: Command): Command {
  return command
    .option('--from <address>', 'the sender of mail')
    .addOption(
      new Option('--role <role...>', 'to whoever has the role, in whatever ring, when it is sent').choices(
        ROLES,
      ),
    )
    .option('--to <address...>', 'to these addresses as well')
    .option('--credentials', "the mail server's user:password, asked for or read from standard input");
}

/** As the API has it; what was not said is left out. Credentials come by standard input: other users see the arguments of a command. */
export async function mailIn(cli: Cli, { from, role, to, credentials }: MailOptions) {
  return {
    ...(from !== undefined && { from }),
    ...(role && { roles: [...role] }),
    ...(to && { recipients: [...to] }),
    ...(credentials && { credentials: await readCredentials(cli) }),
  };
}

async function readCredentials(cli: Cli): Promise<string> {
  const text = cli.stdin.isTTY
    ? await promptHidden(cli.stdin, cli.stderr, 'user:password of the mail server: ')
    : await readAll(cli);
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line !== '') return line;
  throw new CliError('usage', 'no credentials were given: nothing was changed');
}

/** As the API has it; what was not said is left out. */
export function filterIn({ about, type, giveUpAfter }: FilterOptions) {
  return {
    ...(about && { about: [...about] }),
    ...(type && { types: [...type] }),
    ...(giveUpAfter !== undefined && { giveUpAfterHours: giveUpAfter }),
  };
}

/** @throws InvalidArgumentError */
export function parsePosition(text: string): string {
  if (!/^(0|[1-9][0-9]{0,17})$/.test(text))
    throw new InvalidArgumentError('It has to be a position, a whole number from 0.');
  return text;
}
