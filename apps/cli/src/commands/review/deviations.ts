import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { parseCount } from '../../input/count.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { deviationsTable } from '../../output/deviations.js';
import { recordId } from '../../input/record-id.js';

/** `holdfast review deviations`, `holdfast review close-deviation TR-0007 2 --capa CAPA-12` */
export function addDeviations(review: Command, cli: Cli): void {
  review
    .command('deviations')
    .description('deviations that reviews found and nobody has closed, of whichever period, the oldest first')
    .option('--all', 'also those that are closed')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly all?: true }>(cli, command);
      const { control } = await invocation.connect();
      const status = invocation.options.all ? 'all' : 'open';
      const deviations = await control.reviews.deviations({ status });
      invocation.result(deviations, () => deviationsTable(deviations));
    });
  const close = review
    .command('close-deviation')
    .description('close one, with the record elsewhere of what was done about it; takes qa')
    .argument('<id>', 'of the review that found it, such as TR-0042', recordId)
    .argument('<number>', 'its number among the findings, as "review deviations" has it', parseCount)
    .requiredOption('--capa <id>', 'the record elsewhere of what was done about it, such as CAPA-12');
  withReason(close).action(async (id: string, finding: number, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & { readonly capa: string }>(cli, command);
    const { capa } = invocation.options;
    const connection = await invocation.connect();
    const body = { finding, ticket: capa, reason: reasonOf(invocation.options) };
    const done = await connection.control.reviews.closeDeviation(id, body);
    await connection.remember(done.cursor);
    invocation.result(done, () => `${id}: deviation ${finding} is closed with ${capa}\n`);
  });
}
