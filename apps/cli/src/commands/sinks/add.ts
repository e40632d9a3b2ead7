import { Argument, type Command } from 'commander';
import type { SinkRow } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { fields } from '../../output/table.js';
import {
  filterIn,
  mailIn,
  parsePosition,
  withFilter,
  withMail,
  type FilterOptions,
  type MailOptions,
} from './options.js';

interface AddOptions extends ReasonOptions, FilterOptions, MailOptions {
  readonly fromPosition?: string;
}

/** `holdfast sink add webhook|mail|syslog NAME ADDRESS` */
export function addAdd(sink: Command, cli: Cli): void {
  const add = sink.command('add').description('tell somebody of events');
  const webhook = add
    .command('webhook')
    .description('by HTTP POST, as signed CloudEvents: prints the secret that they are signed with, once')
    .addArgument(NAME())
    .addArgument(new Argument('<url>', 'https, or http on this machine'));
  adding(webhook, cli, 'webhook');
  const mail = add
    .command('mail')
    .description('plain text to people, by role or address: what happened, who, when and why')
    .addArgument(NAME())
    .addArgument(new Argument('<server>', 'smtps://host:port, or smtp://host:port, which goes on in TLS'));
  adding(withMail(mail), cli, 'mail');
  const syslog = add
    .command('syslog')
    .description('to a syslog server, as RFC 5424 says, by TLS')
    .addArgument(NAME())
    .addArgument(
      new Argument('<server>', 'syslog+tls://host:port, or syslog+tcp://127.0.0.1:port on this machine'),
    );
  adding(syslog, cli, 'syslog');
}

const NAME = (): Argument => new Argument('<name>', 'its name');

function adding(command: Command, cli: Cli, kind: SinkRow['kind']): void {
  withReason(withFilter(command))
    .option(
      '--from-position <position>',
      'begin with the event at this position of the history; without: with what comes now',
      parsePosition,
    )
    .action(async (name: string, address: string, _options: unknown, given: Command) => {
      const invocation = new Invocation<AddOptions>(cli, given);
      const { options } = invocation;
      const connection = await invocation.connect();
      const { secret, ...added } = await connection.control.sinks.add({
        name,
        kind,
        address,
        ...(await mailIn(cli, options)),
        ...filterIn(options),
        ...(options.fromPosition !== undefined && { fromPosition: options.fromPosition }),
        reason: reasonOf(options),
      });
      await connection.remember(added.cursor);
      invocation.result({ ...added, secret }, () =>
        fields([['Sink', name], ...(secret === null ? [] : [['Secret', secret] as const])]),
      );
      if (secret !== null)
        invocation.say('Give the secret to whoever receives the events: it is not shown again.');
    });
}
