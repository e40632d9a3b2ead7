import type { Reason } from '#kernel';
import type { ChangeOutcome, ChangeView } from '../../api/types.js';
import { CliError } from '../../cli-error.js';
import { readComponents, withBothWhenAsked, type TypedInSession } from '../../input/password.js';
import { reasonOf } from '../../input/reason.js';
import { digestOfShown, requireNamedDigest, type SigningOptions } from '../../input/signing.js';
import type { Invocation } from '../../invocation.js';
import { signInBrowser } from './sign-in-browser.js';
import { shown } from '../../output/table.js';
import { waitText } from '../../output/waits.js';
import { signaturesText } from '../../output/change.js';
import { marksText, textToSign } from '../../output/version-differences.js';
import type { Connection } from '../../session/connection.js';

/**
 * Shows the record, asks for the password, and signs the digest of what was shown; or says where a browser does, with a security key or single sign-on.
 * @throws CliError `not-captured`, `record-digest-differs`
 */
export async function signDecision(
  invocation: Invocation<SigningOptions>,
  id: string,
  verb: Verb,
): Promise<void> {
  const { options, cli } = invocation;
  const connection = await invocation.connect();
  const digest = await showToSign(invocation, connection, id);
  requireNamedDigest(options, id, digest);
  const decision = { verb, digest, reason: reasonOf(options) };
  if (options.securityKey || options.browser) {
    const { control } = connection;
    const shown = { id, digest, ...ON_PAGE[verb], reason: decision.reason };
    return tellOutcome(invocation, await signInBrowser(invocation, control, shown, () => control.change(id)));
  }
  const typed = await readComponents(cli, options, `Password, to ${verb} ${id} with your signature: `);
  tellOutcome(invocation, await signWith(typed, connection, id, decision));
}

/** What people do with a request by signing it. */
type Verb = 'review' | 'approve' | 'reject';

const ON_PAGE = {
  review: { verb: 'review-change', meaning: 'reviewed' },
  approve: { verb: 'approve', meaning: 'approved' },
  reject: { verb: 'reject', meaning: 'rejected' },
} as const;

function tellOutcome(
  invocation: Invocation,
  outcome: { readonly id: string; readonly status: string },
): void {
  const { id, status } = outcome;
  invocation.result({ id, status }, () => `${id} ${status}\n`);
  if (status === 'in-review') invocation.say(`It needs more signatures: holdfast change show ${id}`);
}

/**
 * Shows the record that is about to be signed. Its digest is computed here: a server that shows one record and names another's digest gets no signature.
 * @returns the digest of what was shown
 * @throws CliError `decided-already`, `not-captured`, `record-digest-differs`
 */
export async function showToSign(
  invocation: Invocation,
  { control }: Connection,
  id: string,
): Promise<string> {
  const view = await control.change(id);
  requireUndecided(view);
  const digest = shownDigest(view);
  // Messages, not data: what is signed is shown in either format.
  const { record } = view;
  if (record) {
    invocation.say(() => textToSign(record, digest, signaturesText(view)));
    if (view.waits) invocation.say(shown(`Approved now, it would wait for ${waitText(view.waits)}`));
    if (marksText(record) !== '') invocation.say(`All that differs: holdfast change show ${id} --diff`);
  }
  return digest;
}

export async function signWith(
  typed: TypedInSession,
  connection: Connection,
  id: string,
  decision: { readonly verb: Verb; readonly digest: string; readonly reason: Reason },
): Promise<ChangeOutcome> {
  const { verb, digest, reason } = decision;
  const outcome = await withBothWhenAsked(typed, (components) => {
    const signature = { recordDigest: digest, ...components, reason };
    switch (verb) {
      case 'review':
        return connection.control.reviewChange(id, signature);
      case 'approve':
        return connection.control.approveChange(id, signature);
      case 'reject':
        return connection.control.rejectChange(id, signature);
    }
  });
  await connection.remember(outcome.cursor);
  return outcome;
}

/** Nobody decides on these any more; of all others control says whether a signature is taken. */
const DECIDED: readonly ChangeView['status'][] = [
  'rejected',
  'withdrawn',
  'expired',
  'recalled',
  'stale',
  'superseded',
  'stopped',
  'effective',
  'verified',
  'verification-failed',
  'closed',
];

/** Before anybody types a password. @throws CliError `decided-already` */
function requireUndecided({ id, status }: ChangeView): void {
  if (DECIDED.includes(status))
    throw new CliError(
      'decided-already',
      `${id} is ${status}: it takes no signature any more. See it with: holdfast change show ${id}`,
    );
}

/** Why there is no record to sign, and what to do. */
const NOTHING_TO_SIGN: Readonly<Partial<Record<ChangeView['status'], string>>> = {
  drafted: 'its author has not submitted it yet',
  submitted: 'the worker captures it first, which takes moments where upstream answers; try again',
  'capture-refused':
    'what it asks for was not found good, and "holdfast change show" says why; its author revises it, or asks for something else',
};

/**
 * The digest of the record that is shown, computed here.
 * @throws CliError `not-captured`, `record-digest-differs`
 */
export function shownDigest({ id, status, record, recordDigest: named }: ChangeView): string {
  if (record === null || named === null) {
    throw new CliError(
      'not-captured',
      `${id} is ${status}: ${NOTHING_TO_SIGN[status] ?? 'it was never captured'}`,
    );
  }
  return digestOfShown('change-request', id, record, named);
}
