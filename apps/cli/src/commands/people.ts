import { Argument, Option, type Command } from 'commander';
import type { Control } from '../api/control.js';
import type { InRings } from '../api/control-bodies.js';
import { given } from '../api/given.js';
import { ROLES, type Done, type Role } from '../api/types.js';
import type { Cli } from '../cli.js';
import { Invocation } from '../invocation.js';
import { readComponents, withBothWhenAsked, withPassword, type PasswordOptions } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { addLeaves } from './people-leaves.js';
import { addList, addShow } from './people-shown.js';
import { addTraining } from './training.js';
import { addRecovery } from './recovery.js';
import { addReset } from './reset.js';
import { addIdentityReference } from './identity-reference.js';
import { addSamePerson } from './same-person.js';
import { addSingleSignOn } from './single-sign-on.js';

const EXCLUDES = 'admin excludes author, approver and qa';
const SITE_WIDE = 'admin and auditor are of the whole site';

interface AddOptions extends ReasonOptions {
  readonly name: string;
  readonly role: Role[];
  readonly ring?: readonly string[];
  readonly verifiedBy?: string;
  readonly identityReference?: string;
}

export function addPeople(program: Command, cli: Cli): void {
  const people = program.command('people').description('who may do what');
  addList(people, cli);
  addShow(people, cli);
  addAdd(people, cli);
  addChange(people, cli, {
    verb: 'grant',
    description:
      'give a person a role; approver, qa and admin wait for a second person, once commissioning is closed',
    rings: `in these rings alone (by default in every ring, also those to come; ${SITE_WIDE})`,
    change: (control, login, role, body) => control.person.grantRole(login, role, body),
    said: (login, role, { granted }, rings) =>
      granted === false
        ? `${login} gets the role ${role}${inRings(rings)} once ${seconds(role)} says "holdfast people confirm-grant ${login} ${role}${ringOption(rings)}"`
        : `${login} has the role ${role}${inRings(rings)}`,
  });
  addConfirm(people, cli);
  addChange(people, cli, {
    verb: 'revoke',
    description: 'take a role from a person',
    rings: 'in these rings alone (by default wherever it is held)',
    change: (control, login, role, body) => control.person.revokeRole(login, role, body),
    said: (login, role, _done, rings) => `${login} no longer has the role ${role}${inRings(rings)}`,
  });
  addReset(people, cli);
  addRecovery(people, cli);
  addTraining(people, cli);
  addSingleSignOn(people, cli);
  addIdentityReference(people, cli);
  addSamePerson(people, cli);
  addLeaves(people, cli);
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

function addAdd(people: Command, cli: Cli): void {
  const add = people
    .command('add')
    .description('enrol a person; prints the secret that they set their first password with')
    .argument('<login>')
    .requiredOption('--name <name>', 'their full name, as it stands beside what they sign')
    .option(
      '--verified-by <text>',
      'who made sure of whom this is, and how, such as "badge 1234 seen by A. Meier"; asked for once commissioning is closed',
    )
    .option(
      '--identity-reference <text>',
      'what the site knows the human by, the same for the same human, such as the employee number; kept as a keyed digest',
    )
    .addOption(new Option('--role <role...>', EXCLUDES).choices(ROLES).default([]))
    .option(
      '--ring <ring...>',
      `the roles are for these rings alone (by default for every ring; ${SITE_WIDE})`,
    );
  withReason(add).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<AddOptions>(cli, command);
    const { name, role, ring, verifiedBy, identityReference } = invocation.options;
    const roles = role.flatMap((each) => heldAs(each, ring));
    const connection = await invocation.connect();
    const enrolment = await connection.control.enrol({
      login,
      name,
      roles,
      ...given({ verifiedBy, identityReference }),
      reason: reasonOf(invocation.options),
    });
    await connection.remember(enrolment.cursor);
    invocation.result(enrolment, () => `${enrolment.enrolmentSecret}\n`);
    if (invocation.options.format === 'table') {
      invocation.say(
        enrolment.inTwoParts
          ? `Give it to ${name}: it is the first part of a secret, for a role that takes two people. Before ${enrolment.expiresAt} another admin, or qa, says "holdfast people confirm-reset ${login}", which prints the rest, and then "holdfast people confirm-grant ${login}" with the role.`
          : `Give it to ${name}, who runs "holdfast password ${login}" before ${enrolment.expiresAt}.`,
      );
    }
  });
}

function addConfirm(people: Command, cli: Cli): void {
  const confirm = people
    .command('confirm-grant')
    .description('give a person the role that another admin asked for')
    .argument('<login>')
    .addArgument(new Argument('<role>', EXCLUDES).choices(ROLES))
    .option('--ring <ring...>', 'the rings that it was asked for (by default every ring)');
  withPassword(withReason(confirm)).action(
    async (login: string, role: Role, _options: unknown, command: Command) => {
      const invocation = new Invocation<ReasonOptions & PasswordOptions & RingOptions>(cli, command);
      const connection = await invocation.connect();
      const reason = reasonOf(invocation.options);
      const { ring: rings } = invocation.options;
      const typed = await readComponents(cli, invocation.options);
      const done = await withBothWhenAsked(typed, (components) =>
        connection.control.person.confirmRole(login, role, { ...components, ...given({ rings }), reason }),
      );
      await connection.remember(done.cursor);
      invocation.result({ login, role, ...done }, () => `${login} has the role ${role}${inRings(rings)}\n`);
    },
  );
}

/** As they are enrolled with it. */
function heldAs(role: Role, rings: readonly string[] | undefined): readonly string[] {
  return rings === undefined || role === 'admin' || role === 'auditor'
    ? [role]
    : rings.map((ring) => `${role}@${ring}`);
}

function inRings(rings: readonly string[] | undefined): string {
  return rings === undefined ? '' : ` in ${rings.join(' and ')}`;
}

function ringOption(rings: readonly string[] | undefined): string {
  return rings === undefined ? '' : ` --ring ${rings.join(' ')}`;
}

/** Who may confirm it. */
function seconds(role: Role): string {
  return role === 'admin' ? 'another admin, or qa,' : 'another admin';
}

interface RingOptions {
  readonly ring?: readonly string[];
}

interface RoleChange {
  readonly verb: string;
  readonly description: string;
  /** What its option --ring is for. */
  readonly rings: string;
  readonly change: (
    control: Control,
    login: string,
    role: Role,
    body: InRings,
  ) => Promise<Done & { readonly granted?: boolean }>;
  readonly said: (
    login: string,
    role: Role,
    done: { readonly granted?: boolean },
    rings: readonly string[] | undefined,
  ) => string;
}

function addChange(
  people: Command,
  cli: Cli,
  { verb, description, rings: ringsHelp, change, said }: RoleChange,
): void {
  const command = people
    .command(verb)
    .description(description)
    .argument('<login>')
    .addArgument(new Argument('<role>', EXCLUDES).choices(ROLES))
    .option('--ring <ring...>', ringsHelp);
  withReason(command).action(async (login: string, role: Role, _options: unknown, self: Command) => {
    const invocation = new Invocation<ReasonOptions & RingOptions>(cli, self);
    const connection = await invocation.connect();
    const { ring: rings } = invocation.options;
    const body = { ...given({ rings }), reason: reasonOf(invocation.options) };
    const done = await change(connection.control, login, role, body);
    await connection.remember(done.cursor);
    invocation.result({ login, role, ...done }, () => `${said(login, role, done, rings)}\n`);
  });
}
