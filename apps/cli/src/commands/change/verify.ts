import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';

interface Options extends ReasonOptions {
  readonly passed?: true;
  readonly failed?: true;
  readonly lookedAt: string;
  readonly ring?: string;
}

export function addVerify(change: Command, cli: Cli): void {
  const verify = change
    .command('verify')
    .description(
      'record what came of a change that is in force, of a plan in the ring that has it last, with what the delivery records say; for operators and QA, not for its author',
    )
    .argument('<id>', 'such as CR-2026-0042')
    .option('--passed', 'it does what it was approved for')
    .option('--failed', 'it does not: roll back, or ask for another change')
    .requiredOption('--looked-at <text>', 'what was looked at: which devices, which test')
    .option(
      '--ring <ring>',
      'in which ring it was looked at: required of a plan, and refused where another ring has it last',
    );
  withReason(verify).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    const { options } = invocation;
    const body = {
      passed: outcomeOf(options),
      lookedAt: options.lookedAt.trim(),
      ...(options.ring === undefined ? {} : { ring: options.ring }),
      reason: reasonOf(options),
    };
    const connection = await invocation.connect();
    const outcome = await connection.control.life.verify(id, body);
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  });
}

/** @throws CliError `usage` */
function outcomeOf(options: Options): boolean {
  const passed = options.passed === true;
  if (passed === (options.failed === true))
    throw new CliError('usage', 'say what came of it: --passed or --failed');
  return passed;
}
