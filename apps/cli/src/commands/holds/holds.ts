import { Argument, type Command } from 'commander';
import type { HoldRow } from '../../api/hold-types.js';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { shortChannel } from '../../output/overrides.js';
import { table } from '../../output/table.js';

interface TermsOptions extends ReasonOptions {
  readonly ring?: string;
  readonly channel?: string;
  readonly owner: string;
  readonly risk: string;
  readonly expires?: string;
}

/** `holdfast holds list`, `holdfast holds terms SNAP` */
export function addHolds(program: Command, cli: Cli): void {
  const holds = program
    .command('holds')
    .description('what is held back: for how long, why, and who answers for it');
  holds
    .command('list')
    .description(
      'each hold with what upstream has instead and since when, its reason, owner, accepted risk and end',
    )
    .option('--ring <ring>', 'of this ring')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly ring?: string }>(cli, command);
      const { control } = await invocation.connect();
      const { holds: rows } = await control.holds.list({ ring: invocation.options.ring });
      invocation.result(rows, () =>
        table(rows, [
          { header: 'Name', cell: ({ name }) => name },
          { header: 'Channel', cell: ({ channel }) => shortChannel(channel) },
          { header: 'Arch', cell: ({ architecture }) => architecture },
          { header: 'Rev', cell: ({ version }) => version },
          { header: 'Since', cell: ({ since }) => since.at.slice(0, 10) },
          { header: 'Newer', cell: newerOf },
          { header: 'Owner', cell: ({ terms }) => terms?.owner },
          { header: 'Ends', cell: endOf },
          { header: 'Review', cell: reviewOf },
          { header: 'Risk', cell: ({ terms }) => terms?.risk },
          { header: 'Reason', cell: ({ reason, since }) => `${since.changeRequest}: ${reason?.text ?? '-'}` },
        ]),
      );
    });
  addEvaluate(holds, cli);
  const terms = holds
    .command('terms')
    .description(
      'say who answers for a hold, which risk is accepted with it, and until when; takes approver or qa',
    )
    .addArgument(new Argument('<snap>', 'as it is held'))
    .option('--ring <ring>', 'in this ring', 'default')
    .option('--channel <channel>', 'in this channel; without: in every one that is held')
    .requiredOption('--owner <login>', 'who answers for it')
    .requiredOption('--risk <text>', 'why it is acceptable not to take what upstream has')
    .option('--expires <date>', 'until when, as in 2027-03-31; without: for as long as the hold');
  withReason(terms).action(async (snap: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<TermsOptions>(cli, command);
    const { ring = 'default', channel, owner, risk, expires, ...options } = invocation.options;
    const connection = await invocation.connect();
    const done = await connection.control.holds.setTerms({
      ring,
      snap,
      ...(channel !== undefined && { channel }),
      owner,
      risk,
      expiresAt: expires ?? null,
      reason: reasonOf(options),
    });
    await connection.remember(done.cursor);
    invocation.result(done, () => `${owner} answers for ${snap} in ${ring}\n`);
  });
}

interface EvaluateOptions extends ReasonOptions {
  readonly ring?: string;
  readonly channel?: string;
  readonly seen: readonly string[];
  readonly mitigation: string;
  readonly until: string;
}

/** `holdfast holds evaluate SNAP` */
function addEvaluate(holds: Command, cli: Cli): void {
  const evaluate = holds
    .command('evaluate')
    .description(
      'say that a hold that is overdue for review stays until a date, why, and what is done about the risk; takes approver or qa',
    )
    .addArgument(new Argument('<snap>', 'as it is held'))
    .option('--ring <ring>', 'in this ring', 'default')
    .option('--channel <channel>', 'in this channel; without: in every one that is held')
    .requiredOption(
      '--seen <revisions>',
      'what you saw that upstream has, as "holds list" shows it; of several architectures each, as in 1044,1045',
      (text: string) => text.split(','),
    )
    .requiredOption('--mitigation <text>', 'what is done about the risk of staying behind')
    .requiredOption('--until <date>', 'until when, as in 2027-03-31; within 366 days');
  withReason(evaluate).action(async (snap: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<EvaluateOptions>(cli, command);
    const { ring = 'default', channel, seen, mitigation, until, ...options } = invocation.options;
    const connection = await invocation.connect();
    const done = await connection.control.holds.evaluate({
      ring,
      snap,
      ...(channel !== undefined && { channel }),
      seen: [...seen],
      mitigation,
      until,
      reason: reasonOf(options),
    });
    await connection.remember(done.cursor);
    invocation.result(done, () => `${snap} stays in ${ring} until ${until}\n`);
  });
}

/** What is open counts before what was said last. */
function reviewOf({ review, evaluation }: HoldRow): string | null {
  if (review) return `overdue: ${review.days} days behind`;
  return evaluation && `stays until ${evaluation.until.slice(0, 10)}: ${evaluation.mitigation}`;
}

function newerOf({ newer }: HoldRow): string | null {
  return newer && `${newer.version} since ${newer.since.slice(0, 10)}`;
}

/** The end that was signed counts before one that somebody said. */
function endOf({ expiry, terms }: HoldRow): string | null {
  const end = expiry?.at ?? terms?.expiresAt;
  if (!end) return null;
  const day = end.slice(0, 10);
  const when = (expiry ?? terms)?.expired ? `over since ${day}` : day;
  return expiry ? `${when}, then ${expiry.action}` : when;
}
