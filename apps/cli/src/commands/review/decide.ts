import type { Command } from 'commander';
import type { ReviewView } from '../../api/review-types.js';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import { lineNumbers } from '../../input/line-numbers.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { signaturesText } from '../../output/review.js';
import { recordId } from '../../input/record-id.js';

interface DecideOptions extends ReasonOptions {
  readonly keep?: string;
  readonly revoke?: string;
  readonly keepRest?: true;
  readonly comment?: string;
}

/** `holdfast review decide AR-0003 --revoke 7 --keep-rest` */
export function addDecide(review: Command, cli: Cli): void {
  const decide = review
    .command('decide')
    .description(
      'say which lines of an access review stay, and which are to be revoked; none that is about you. Revokes nothing: an admin does',
    )
    .argument('<id>', 'such as AR-0003', recordId)
    .option('--keep <lines>', 'as in 1-5,7')
    .option('--revoke <lines>', 'as in 6,8')
    .option('--keep-rest', 'keep every other line that nobody has decided on, and that is not about you')
    .option('--comment <text>', 'beside the lines named by --keep and --revoke');
  withReason(decide).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<DecideOptions>(cli, command);
    const connection = await invocation.connect();
    const { control } = connection;
    const { id: me } = await control.me();
    const decisions = decisionsOf(invocation.options, await control.reviews.show(id), me);
    const reason = reasonOf(invocation.options);
    const done = await control.reviews.decide(id, { decisions, reason });
    await connection.remember(done.cursor);
    const view = await (await invocation.connect()).control.reviews.show(id);
    invocation.result({ id, decisions }, () => `${id}: ${decisions.length} lines decided\n`);
    invocation.say(() => signaturesText(view).trimEnd());
  });
}

type Decisions = { line: number; decision: 'keep' | 'revoke'; comment?: string }[];

/** @throws CliError `usage` */
function decisionsOf(
  { keep, revoke, keepRest, comment }: DecideOptions,
  { record: { content, decisions } }: ReviewView,
  me: string,
): Decisions {
  const said = comment === undefined ? {} : { comment };
  const named = [
    ...lines(keep).map((line) => ({ line, decision: 'keep' as const, ...said })),
    ...lines(revoke).map((line) => ({ line, decision: 'revoke' as const, ...said })),
  ];
  const taken = new Set([...named, ...decisions].map(({ line }) => line));
  const rest = content.kind === 'access' && keepRest === true ? content.lines : [];
  const kept = rest.flatMap(({ person }, i) =>
    person === me || taken.has(i + 1) ? [] : [{ line: i + 1, decision: 'keep' as const }],
  );
  const all = [...named, ...kept];
  if (all.length === 0)
    throw new CliError('usage', 'name lines with --keep or --revoke, or --keep-rest where some are left');
  return all;
}

function lines(text: string | undefined): readonly number[] {
  return text === undefined ? [] : lineNumbers(text);
}
