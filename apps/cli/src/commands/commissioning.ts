import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';

export function addCommissioning(program: Command, cli: Cli): void {
  const commissioning = program.command('commissioning').description("the site's first days");
  const close = commissioning
    .command('close')
    .description('end commissioning for good: from now on, roles that sign need a second person');
  withReason(close).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await connection.control.closeCommissioning(reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result(done, () => `commissioning is closed\n${asked(done.rules)}`);
  });
}

/** Who closes it answers for how people sign from now on (21 CFR 11.200(a)(1)). */
function asked({ secondComponent }: { readonly secondComponent: 'required' | 'optional' }): string {
  const all = 'whoever signs gives a password and a second component';
  if (secondComponent === 'required') return `${all}\n`;
  return (
    `${all}; who has none gives login and password.\n` +
    'Where people sign from elsewhere than a controlled room, set "holdfast config second-component=required"\n'
  );
}
