import { Argument, Option, type Command } from 'commander';
import type { Reason } from '#kernel';
import type { Control } from '../api/control.js';
import { ROLES, type Done, type Role } from '../api/types.js';
import type { Cli } from '../cli.js';
import { Invocation } from '../invocation.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { table } from '../output/table.js';

const EXCLUDES = 'admin excludes author, approver and qa';

export function addPeople(program: Command, cli: Cli): void {
  const people = program.command('people').description('who may do what');
  addList(people, cli);
  addAdd(people, cli);
  addChange(people, cli, 'grant', 'give a person a role', (control, login, role, reason) =>
    control.grantRole(login, role, reason),
  );
  addChange(people, cli, 'revoke', 'take a role from a person', (control, login, role, reason) =>
    control.revokeRole(login, role, reason),
  );
  const disable = people
    .command('disable')
    .description('end all access of a person; the record of what they did stays')
    .argument('<login>');
  withReason(disable).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await connection.control.disablePerson(login, reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result({ login, ...done }, () => `${login} is disabled\n`);
  });
}

function addList(people: Command, cli: Cli): void {
  people
    .command('list')
    .description('everybody, with their roles')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { people: found } = await control.people();
      invocation.result(found, () =>
        table(found, [
          { header: 'Login', cell: (person) => person.login },
          { header: 'Name', cell: (person) => person.name },
          { header: 'Roles', cell: (person) => person.roles.join(',') },
          { header: 'Status', cell: (person) => person.status },
          { header: 'Locked until', cell: (person) => person.lockedUntil },
        ]),
      );
    });
}

function addAdd(people: Command, cli: Cli): void {
  const add = people
    .command('add')
    .description('enrol a person; prints the secret that they set their first password with')
    .argument('<login>')
    .requiredOption('--name <name>', 'their full name, as it stands beside what they sign')
    .addOption(new Option('--role <role...>', EXCLUDES).choices(ROLES).default([]));
  withReason(add).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & { name: string; role: Role[] }>(cli, command);
    const { name, role: roles } = invocation.options;
    const connection = await invocation.connect();
    const enrolment = await connection.control.enrol({
      login,
      name,
      roles,
      reason: reasonOf(invocation.options),
    });
    await connection.remember(enrolment.cursor);
    invocation.result(enrolment, () => `${enrolment.enrolmentSecret}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(
        `Give it to ${name}, who runs "holdfast password ${login}" before ${enrolment.expiresAt}.`,
      );
    }
  });
}

type RoleChange = (control: Control, login: string, role: Role, reason: Reason) => Promise<Done>;

function addChange(people: Command, cli: Cli, verb: string, description: string, change: RoleChange): void {
  const command = people
    .command(verb)
    .description(description)
    .argument('<login>')
    .addArgument(new Argument('<role>', EXCLUDES).choices(ROLES));
  withReason(command).action(async (login: string, role: Role, _options: unknown, self: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, self);
    const connection = await invocation.connect();
    const done = await change(connection.control, login, role, reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result(
      { login, role, ...done },
      () => `${login} ${verb === 'grant' ? 'has' : 'no longer has'} the role ${role}\n`,
    );
  });
}
