import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { figuresText } from '../../output/change-life.js';
import { recordId } from '../../input/record-id.js';

interface Options extends Partial<ReasonOptions> {
  readonly passed?: true;
  readonly failed?: true;
  readonly lookedAt?: string;
  readonly dryRun?: true;
  readonly ring?: string;
}

export function addVerify(change: Command, cli: Cli): void {
  const verify = change
    .command('verify')
    .description(
      'record what came of a change that is in force, of a plan in the ring that has it last, with what the delivery records say, which is shown first; for operators and QA, not for its author',
    )
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .option('--passed', 'it does what it was approved for')
    .option('--failed', 'it does not: roll back, or ask for another change')
    .option('--looked-at <text>', 'what was looked at: which devices, which test')
    .option('--dry-run', 'only show what the delivery records say, and record nothing')
    .option(
      '--ring <ring>',
      'in which ring it was looked at: required of a plan, and refused where another ring has it last',
    );
  addReason(verify, 'not with --dry-run').action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    const { options } = invocation;
    const body = options.dryRun ? undefined : bodyOf(options);
    const connection = await invocation.connect();
    const found = await connection.control.life.figures(id, options.ring);
    const text = `What the delivery records say in ring ${found.ring}:\n${figuresText(found.figures) || 'nothing\n'}`;
    if (body === undefined) {
      invocation.result(found, () => text);
      return;
    }
    // A message, not data: what came of it is the result.
    invocation.say(text);
    const outcome = await connection.control.life.verify(id, body);
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  });
}

/** @throws CliError `usage` */
function bodyOf(options: Options) {
  const { lookedAt, ring } = options;
  if (lookedAt === undefined)
    throw new CliError('usage', 'say what was looked at: --looked-at "devices 1 and 2, per TP-88"');
  const passed = outcomeOf(options);
  const reason = reasonOf(requireReason(options));
  return { passed, lookedAt: lookedAt.trim(), ...(ring === undefined ? {} : { ring }), reason };
}

/** @throws CliError `usage` */
function outcomeOf(options: Options): boolean {
  const passed = options.passed === true;
  if (passed === (options.failed === true))
    throw new CliError('usage', 'say what came of it: --passed or --failed');
  return passed;
}
