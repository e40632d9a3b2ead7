import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { readAll, readTextFile } from '../input/password.js';
import { withReason } from '../input/reason.js';
import { withRequestOptions } from '../input/request-options.js';
import { Invocation } from '../invocation.js';
import { readPlanFile } from '../plan/read-plan.js';
import { submitItems, type SubmitOptions } from './submit-items.js';

/** A release through several rings is one request, signed once. */
export function addPlan(program: Command, cli: Cli): void {
  const plan = program
    .command('plan')
    .description(
      'ask for revisions in several rings, one after the other, each of which waits for what the file says: submits one change request',
    )
    .argument(
      '<file>',
      'YAML: "first", a ring; "then", the later rings with "soak-hours", "verified", "installed-percent"; "overrides", by snap and channel; - for standard input',
    );
  withReason(withRequestOptions(plan)).action(async (file: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<Omit<SubmitOptions, 'ring'>>(cli, command);
    const { ring, stages, items } =
      file === '-'
        ? readPlanFile(await readAll(cli), 'standard input')
        : readPlanFile(await readTextFile(file), file);
    await submitItems(invocation, items, { ...invocation.options, ring, stages });
  });
}
