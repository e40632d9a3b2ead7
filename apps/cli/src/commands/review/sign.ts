import type { Command } from 'commander';
import type { ReviewView } from '../../api/review-types.js';
import type { Cli } from '../../cli.js';
import { readComponents, withBothWhenAsked } from '../../input/password.js';
import { reasonOf } from '../../input/reason.js';
import { digestOfShown, requireNamedDigest, withSigning, type SigningOptions } from '../../input/signing.js';
import { Invocation } from '../../invocation.js';
import { reviewText } from '../../output/review.js';
import { signInBrowser } from '../change/sign-in-browser.js';
import { recordId } from '../../input/record-id.js';

/** `holdfast review sign TR-0042` */
export function addSignReview(review: Command, cli: Cli): void {
  const sign = review
    .command('sign')
    .description('sign that you reviewed it; shows the record and asks for your password')
    .argument('<id>', 'such as TR-0042', recordId);
  withSigning(sign).action(async (id: string, _options: unknown, command: Command) => {
    await signReview(new Invocation<SigningOptions>(cli, command), id);
  });
}

async function signReview(invocation: Invocation<SigningOptions>, id: string): Promise<void> {
  const { options, cli } = invocation;
  const connection = await invocation.connect();
  const { reviews } = connection.control;
  const view = await reviews.show(id);
  const digest = shownReviewDigest(view);
  // Messages, not data: what is signed is shown in either format.
  invocation.say(() => reviewText(view, digest));
  requireNamedDigest(options, id, digest);
  const { meaning } = view;
  const reason = reasonOf(options);
  if (options.securityKey || options.browser) {
    const shown = { id, digest, verb: 'review', meaning, reason } as const;
    const after = await signInBrowser(invocation, connection.control, shown, () => reviews.show(id));
    return tell(invocation, after);
  }
  const typed = await readComponents(cli, options, `Password, to sign ${id} as ${meaning}: `);
  const done = await withBothWhenAsked(typed, (components) =>
    reviews.sign(id, { recordDigest: digest, ...components, reason }),
  );
  await connection.remember(done.cursor);
  tell(invocation, done);
}

function tell(
  invocation: Invocation,
  { id, status }: { readonly id: string; readonly status: string },
): void {
  invocation.result({ id, status }, () => `${id} ${status}\n`);
  if (status === 'open')
    invocation.say(`It needs the signature of somebody else: holdfast review show ${id}`);
}

/**
 * The digest of the record that is shown, computed here.
 * @throws CliError `record-digest-differs`
 */
export function shownReviewDigest({ id, record, recordDigest: named }: ReviewView): string {
  return digestOfShown('review', id, record, named);
}
