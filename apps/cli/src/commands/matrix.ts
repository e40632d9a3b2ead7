import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { Invocation } from '../invocation.js';
import { matrixCsv, matrixTable, reviewsDue } from '../output/matrix.js';

interface MatrixOptions {
  readonly reviewAfter?: number;
  readonly csv?: boolean;
}

export function addMatrix(program: Command, cli: Cli): void {
  program
    .command('matrix')
    .description(
      'of each update, in each ring: known, evaluated, tested, approved, deployed, or not applied, why, and what is done about the risk',
    )
    .argument('[snap]', 'a name or a snap-id; without: all that is held or watched')
    .option(
      '--review-after <days>',
      'how long a ring may hold back before that is to be reviewed',
      parseCount,
    )
    .option('--csv', 'as CSV, a line for each update and ring')
    .action(async (snap: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation<MatrixOptions>(cli, command);
      const { reviewAfter, csv = false } = invocation.options;
      const { control } = await invocation.connect();
      const matrix = await control.updateMatrix({ snap, reviewAfterDays: reviewAfter });
      invocation.result(matrix, () => (csv ? matrixCsv(matrix) : matrixTable(matrix)));
      for (const due of reviewsDue(matrix)) invocation.say(due);
      if (matrix.leftOut > 0) invocation.say(`${matrix.leftOut} more snaps: ask for each by its name`);
    });
}
