import type { Command } from 'commander';
import type { RightsThen } from '../api/types.js';
import type { Cli } from '../cli.js';
import { Invocation } from '../invocation.js';
import { fields, table } from '../output/table.js';

export function addList(people: Command, cli: Cli): void {
  people
    .command('list')
    .description('everybody, with their roles')
    .option('--at <time>', 'as they were at a time, such as 2026-11-22T12:48:14Z: from the history')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly at?: string }>(cli, command);
      const { control } = await invocation.connect();
      const { at } = invocation.options;
      if (at !== undefined) return showRights(invocation, (await control.rights(at)).people);
      const found = await control.people();
      invocation.result(found, () =>
        table(found, [
          { header: 'Login', cell: (person) => person.login },
          { header: 'Name', cell: (person) => person.name },
          { header: 'Roles', cell: (person) => person.roles.join(',') },
          { header: 'Status', cell: (person) => person.status },
          { header: 'Locked until', cell: (person) => person.lockedUntil },
          { header: 'Second component', cell: (person) => (person.secondComponent ? 'yes' : 'no') },
          { header: 'Single sign-on', cell: (person) => person.singleSignOn?.subject ?? null },
          { header: 'Last used', cell: (person) => person.singleSignOn?.lastUsedAt ?? null },
          { header: 'To confirm', cell: (person) => person.requestedRoles.join(',') || null },
          { header: 'Verified by', cell: (person) => person.verifiedBy },
        ]),
      );
    });
}

export function addShow(people: Command, cli: Cli): void {
  people
    .command('show')
    .description('one person: roles, second components, and as whom the identity provider knows them')
    .argument('<login|id>')
    .action(async (who: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const person = await control.person.show(who);
      const { singleSignOn, requestedRoles } = person;
      invocation.result(person, () =>
        fields([
          ['Login', person.login],
          ['Name', person.name],
          ['Roles', person.roles.join(', ') || 'none'],
          ['Status', person.status],
          ...(person.lockedUntil === null ? [] : [['Locked until', person.lockedUntil] as const]),
          ...(requestedRoles.length === 0 ? [] : [['To confirm', requestedRoles.join(', ')] as const]),
          ['Second component', person.secondComponent ? 'yes' : 'no'],
          ['Security keys', String(person.securityKeys)],
          [
            'Single sign-on',
            singleSignOn
              ? `${singleSignOn.claim} ${singleSignOn.subject} at ${singleSignOn.issuer}`
              : 'bound to nobody',
          ],
          ...(singleSignOn ? [['Last used', singleSignOn.lastUsedAt] as const] : []),
          ['Verified by', person.verifiedBy ?? '-'],
        ]),
      );
    });
}

function showRights(invocation: Invocation, people: readonly RightsThen[]): void {
  invocation.result(people, () =>
    table(people, [
      { header: 'Login', cell: (person) => person.login },
      { header: 'Name', cell: (person) => person.name },
      { header: 'Roles', cell: (person) => person.roles.join(',') },
      { header: 'Disabled', cell: (person) => (person.disabled ? 'yes' : 'no') },
    ]),
  );
}
