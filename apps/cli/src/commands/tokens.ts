import { Option, type Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { reasonText } from '../output/reason.js';
import { table } from '../output/table.js';

interface AddOptions extends ReasonOptions, PasswordOptions {
  readonly standingReason: string;
  readonly standingReasonCode: string;
  readonly standingTicket?: string;
  readonly ring: readonly string[];
  readonly days: number;
}

export function addTokens(program: Command, cli: Cli): void {
  const tokens = program.command('tokens').description('tokens, for programs that ask for changes');
  addAdd(tokens, cli);
  addList(tokens, cli);
  const revoke = tokens
    .command('revoke')
    .description('end a token, for good: it is refused from now on')
    .argument('<id>', 'as "tokens list" shows it');
  withReason(revoke).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await connection.control.revokeToken(id, reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result({ id, ...done }, () => `${id} is revoked\n`);
  });
}

function addAdd(tokens: Command, cli: Cli): void {
  const add = tokens
    .command('add')
    .description('issue a token to yourself, and print it, this once; asks for your password again')
    .argument('<name>', 'what it is called in the record, such as nightly-pins')
    .requiredOption(
      '--standing-reason <text>',
      'why whatever is done with it will be done: stands in the record of each change, as a standing reason',
    )
    .option('--standing-reason-code <code>', 'the kind of that reason', 'other')
    .option('--standing-ticket <id>', 'the record in another system that allows it')
    .addOption(new Option('--ring <ring...>', 'the rings that it may ask changes for').default(['default']))
    .option('--days <count>', 'how long it is good, at most 366', parseCount, 90);
  withPassword(withReason(add)).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<AddOptions>(cli, command);
    const {
      standingReason: text,
      standingReasonCode: code,
      standingTicket: ticket,
      ring: rings,
      days,
    } = invocation.options;
    const connection = await invocation.connect();
    const asked = {
      name,
      standingReason: { code, text, ...(ticket === undefined ? {} : { ticket }) },
      rings: [...rings],
      days,
      reason: reasonOf(invocation.options),
    };
    const typed = await readComponents(cli, invocation.options);
    const issued = await withBothWhenAsked(typed, (components) =>
      connection.control.issueToken({ ...asked, ...components }),
    );
    await connection.remember(issued.cursor);
    invocation.result(issued, () => `${issued.token}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(`This is the token ${name}, good until ${issued.expiresAt}. It is not shown again.`);
    }
  });
}

function addList(tokens: Command, cli: Cli): void {
  tokens
    .command('list')
    .description('all tokens, whose they are, what for, and when one was last used')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const found = await control.tokens();
      invocation.result(found, () =>
        table(found, [
          { header: 'Id', cell: (token) => token.id },
          { header: 'Name', cell: (token) => token.name },
          { header: 'Owner', cell: (token) => token.owner.login },
          { header: 'Rings', cell: (token) => token.scope.rings.join(',') },
          { header: 'Status', cell: (token) => token.status },
          { header: 'Expires', cell: (token) => token.expiresAt },
          { header: 'Last used', cell: (token) => token.lastUsed?.at },
          { header: 'Standing reason', cell: (token) => reasonText(token.standingReason) },
        ]),
      );
    });
}
