import { recordDigest } from '#kernel';
import type { ChangeView } from '../../api/types.js';
import { CliError } from '../../cli-error.js';
import { readComponents, withCodeWhenAsked, type PasswordOptions } from '../../input/password.js';
import { reasonOf, type ReasonOptions } from '../../input/reason.js';
import type { Invocation } from '../../invocation.js';
import { recordText, signaturesText } from '../../output/change.js';
import { marksText } from '../../output/version-differences.js';

export interface DecisionOptions extends ReasonOptions, PasswordOptions {
  readonly recordDigest?: string;
}

/**
 * Shows the record, asks for the password, and signs the digest of what was shown. The digest is computed here: a server that shows one
 * record and names another's digest gets no signature.
 * @throws CliError `not-captured`, `record-digest-differs`
 */
export async function signDecision(
  invocation: Invocation<DecisionOptions>,
  id: string,
  meaning: 'approve' | 'reject',
): Promise<void> {
  const { options, cli } = invocation;
  const connection = await invocation.connect();
  const view = await connection.control.change(id);
  const digest = shownDigest(view);
  if (options.recordDigest !== undefined && options.recordDigest !== digest) {
    throw new CliError(
      'record-digest-differs',
      `${id} now has the digest ${digest}, not ${options.recordDigest}; look at it again`,
    );
  }
  // Messages, not data: what is signed is shown in either format.
  if (view.record) {
    const marks = marksText(view.record);
    const shown = [recordText(view.record, digest), ...(marks === '' ? [] : [marks]), signaturesText(view)];
    invocation.say(`${shown.join('\n')}`.trimEnd());
    if (marks !== '') invocation.say(`All that differs: holdfast change show ${id} --diff`);
  }
  const typed = await readComponents(cli, options, `Password, to ${meaning} ${id} with your signature: `);
  const outcome = await withCodeWhenAsked(typed, (components) => {
    const signature = { recordDigest: digest, ...components, reason: reasonOf(options) };
    return meaning === 'approve'
      ? connection.control.approveChange(id, signature)
      : connection.control.rejectChange(id, signature);
  });
  await connection.remember(outcome.cursor);
  invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  if (outcome.status === 'in-review') invocation.say(`It needs more signatures: holdfast change show ${id}`);
}

/**
 * The digest of the record that is shown, computed here.
 * @throws CliError `not-captured`, `record-digest-differs`
 */
export function shownDigest({ id, status, record, recordDigest: named }: ChangeView): string {
  if (record === null || named === null) {
    throw new CliError(
      'not-captured',
      `${id} is ${status}: nothing is resolved yet that could be decided on`,
    );
  }
  const digest = recordDigest({ record: 'change-request', ...record });
  if (digest !== named || record.id !== id) {
    throw new CliError(
      'record-digest-differs',
      `the server names ${named} as the digest of a record that has ${digest}; not signed`,
    );
  }
  return digest;
}
