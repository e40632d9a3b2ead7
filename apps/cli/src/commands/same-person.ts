import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { table } from '../output/table.js';

/** Accounts of one person count as one wherever persons are counted: two people say so, and two take it back. */
export function addSamePerson(people: Command, cli: Cli): void {
  addAsk(people, cli, false);
  addConfirm(people, cli, false);
  addAsk(people, cli, true);
  addConfirm(people, cli, true);
  people
    .command('same-persons')
    .description("which accounts were declared one person's, and what waits for a second person")
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const found = await control.person.samePersons();
      invocation.result(found, () =>
        table(found, [
          { header: 'Accounts', cell: (line) => line.accounts.join(', ') },
          { header: 'Status', cell: (line) => line.status },
          { header: 'From', cell: (line) => line.from },
          { header: 'Until', cell: (line) => line.until },
          { header: 'Asked by', cell: (line) => line.requestedBy },
        ]),
      );
    });
}

const VERB = { declare: 'same-person', revoke: 'not-same-person' } as const;

function addAsk(people: Command, cli: Cli, revoke: boolean): void {
  const verb = revoke ? VERB.revoke : VERB.declare;
  const command = people
    .command(verb)
    .description(
      revoke
        ? 'ask for two accounts not to count as one person any more: it was a mistake'
        : 'ask for two accounts to count as one person, wherever another one is asked for',
    )
    .argument('<login>')
    .argument('<other>');
  withReason(command).action(async (login: string, other: string, _options: unknown, self: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, self);
    const reason = reasonOf(invocation.options);
    const connection = await invocation.connect();
    const { person } = connection.control;
    const asked = revoke ? person.revokeSamePerson : person.declareSamePerson;
    const done = await asked(login, other, reason);
    await connection.remember(done.cursor);
    const waits = `once another admin, or qa, says "holdfast people confirm-${verb} ${login} ${other}"`;
    invocation.result(
      { accounts: [login, other], ...done },
      () => `${counted(login, other, revoke)}${done.inForce ? '' : ` ${waits}`}\n`,
    );
  });
}

function addConfirm(people: Command, cli: Cli, revoke: boolean): void {
  const command = people
    .command(`confirm-${revoke ? VERB.revoke : VERB.declare}`)
    .description(
      revoke
        ? 'take back that two accounts count as one person, as the second one who says so'
        : 'have two accounts count as one person, as the second one who says so',
    )
    .argument('<login>')
    .argument('<other>');
  withPassword(withReason(command)).action(
    async (login: string, other: string, _options: unknown, self: Command) => {
      const invocation = new Invocation<ReasonOptions & PasswordOptions>(cli, self);
      const connection = await invocation.connect();
      const { person } = connection.control;
      const reason = reasonOf(invocation.options);
      const typed = await readComponents(cli, invocation.options);
      const confirm = revoke ? person.confirmNotSamePerson : person.confirmSamePerson;
      const done = await withBothWhenAsked(typed, (components) =>
        confirm(login, other, { ...components, reason }),
      );
      await connection.remember(done.cursor);
      invocation.result({ accounts: [login, other], ...done }, () => `${counted(login, other, revoke)}\n`);
    },
  );
}

function counted(login: string, other: string, revoked: boolean): string {
  return `${login} and ${other} count as ${revoked ? 'two persons again' : 'one person'}`;
}
