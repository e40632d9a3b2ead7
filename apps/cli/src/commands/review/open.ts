import type { Command } from 'commander';
import type { ChangeOutcome } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { givenTime } from '../../input/since.js';
import { Invocation } from '../../invocation.js';
import { recordText, signaturesText } from '../../output/review.js';
import type { Connection } from '../../session/connection.js';
import { shownReviewDigest } from './sign.js';

interface OpenOptions extends ReasonOptions {
  readonly nextDue?: string;
}

/** `holdfast review access`, `holdfast review periodic`, `holdfast review trail` */
export function addOpenings(review: Command, cli: Cli): void {
  const access = review
    .command('access')
    .description('begin a review of who holds which right in which ring, tokens among them; takes qa')
    .option('--as-of <time>', 'as it was at this time, with its offset; without: now');
  opening(access).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<OpenOptions & { readonly asOf?: string }>(cli, command);
    const { asOf } = invocation.options;
    const connection = await invocation.connect();
    const body = { ...(asOf !== undefined && { asOf: givenTime(asOf) }), ...asked(invocation.options) };
    await tell(invocation, connection, await connection.control.reviews.openAccess(body));
  });
  const periodic = review
    .command('periodic')
    .description('begin a review of a period, generated from the trail; takes qa')
    .option('--from <time>', 'since then, with its offset; without: since the last one ended')
    .option('--to <time>', 'before this time; without: now');
  opening(periodic).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<OpenOptions & { readonly from?: string; readonly to?: string }>(
      cli,
      command,
    );
    const { from, to } = invocation.options;
    const connection = await invocation.connect();
    const body = {
      ...(from !== undefined && { from: givenTime(from) }),
      ...(to !== undefined && { to: givenTime(to) }),
      ...asked(invocation.options),
    };
    await tell(invocation, connection, await connection.control.reviews.openPeriodic(body));
  });
  const trail = review
    .command('trail')
    .description('begin a review of the trail, from where the last one ended; takes qa')
    .option('--from <position>', 'where you think the last one ended: it is refused when that is not so')
    .option('--to <position>', 'positions below this one; without: to the end of the trail');
  opening(trail).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<OpenOptions & { readonly from?: string; readonly to?: string }>(
      cli,
      command,
    );
    const { from, to } = invocation.options;
    const connection = await invocation.connect();
    const body = {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...asked(invocation.options),
    };
    await tell(invocation, connection, await connection.control.reviews.openTrail(body));
  });
}

function opening(command: Command): Command {
  return withReason(
    command.option(
      '--next-due <time>',
      'when the next one is due, with its offset; without: after the days that the site says (holdfast config access-review-interval periodic-review-interval trail-review-interval)',
    ),
  );
}

function asked({ nextDue, ...options }: OpenOptions) {
  return { ...(nextDue !== undefined && { nextDue: givenTime(nextDue) }), reason: reasonOf(options) };
}

/** Shows what was frozen. */
async function tell(invocation: Invocation, connection: Connection, done: ChangeOutcome): Promise<void> {
  await connection.remember(done.cursor);
  const { control } = await invocation.connect();
  const view = await control.reviews.show(done.id);
  const digest = shownReviewDigest(view);
  invocation.result(view, () => `${recordText(view, digest)}\n${signaturesText(view)}`);
}
