import type { Command } from 'commander';
import { isRefusal } from '../../api/problem.js';
import type { DraftOfChange } from '../../api/draft-of-change.js';
import type { ChangeOutcome } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import { readComponents, withBothWhenAsked } from '../../input/password.js';
import { reasonOf } from '../../input/reason.js';
import { digestOfShown, requireNamedDigest, withSigning, type SigningOptions } from '../../input/signing.js';
import { Invocation } from '../../invocation.js';
import { draftToSign } from '../../output/draft.js';
import type { Connection } from '../../session/connection.js';
import { signInBrowser } from './sign-in-browser.js';
import { recordId } from '../../input/record-id.js';

interface SubmitOptions extends SigningOptions {
  readonly sign?: true;
}

export function addSubmit(change: Command, cli: Cli): void {
  const submit = change
    .command('submit')
    .description(
      'hand a draft in, or hand a request in again whose capture was refused; where a ring asks for it, with your signature as its author',
    )
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .option('--sign', 'sign it as its author also where no ring asks for that');
  withSigning(submit).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<SubmitOptions>(cli, command);
    const { options } = invocation;
    const connection = await invocation.connect();
    const asked = options.sign ?? options.securityKey ?? options.browser ?? false;
    const unsigned = asked ? undefined : await submitUnsigned(invocation, connection, id);
    const { status } = unsigned ?? (await submitSigned(invocation, connection, id));
    invocation.result({ id, status }, () => `${id} ${status}\n`);
  });
}

/**
 * What is about to be handed in, whose digest is computed here.
 * @throws CliError `not-captured` for what is handed in; `record-digest-differs`
 */
async function draftShown(
  { options }: Invocation<SubmitOptions>,
  { control }: Connection,
  id: string,
): Promise<Pick<DraftOfChange, 'record' | 'digest'>> {
  const { draft, status } = await control.change(id);
  if (!draft) throw new CliError('not-captured', `${id} is ${status}: it is handed in already`);
  const { record } = draft;
  const digest = digestOfShown('change-draft', id, record, draft.digest);
  requireNamedDigest(options, id, digest);
  return { record, digest };
}

/** Undefined where a ring asks for the signature of the author. @throws CliError those of {@link draftShown} where a digest is named */
async function submitUnsigned(
  invocation: Invocation<SubmitOptions>,
  connection: Connection,
  id: string,
): Promise<ChangeOutcome | undefined> {
  const { options } = invocation;
  if (options.recordDigest !== undefined) await draftShown(invocation, connection, id);
  try {
    const outcome = await connection.control.submitChange(id, reasonOf(options));
    await connection.remember(outcome.cursor);
    return outcome;
  } catch (error) {
    if (!isRefusal(error, 'author-signature-required')) throw error;
    return undefined;
  }
}

/**
 * Shows what is about to be signed, and asks for the password, or says where a browser signs.
 * @throws CliError those of {@link draftShown}
 */
async function submitSigned(
  invocation: Invocation<SubmitOptions>,
  connection: Connection,
  id: string,
): Promise<{ readonly status: string }> {
  const { options, cli } = invocation;
  const { control } = connection;
  const { record, digest } = await draftShown(invocation, connection, id);
  invocation.say(draftToSign(record, digest));
  const reason = reasonOf(options);
  if (options.securityKey || options.browser) {
    const shown = { id, digest, verb: 'submit', meaning: 'authored', reason } as const;
    return signInBrowser(invocation, control, shown, () => control.change(id));
  }
  const typed = await readComponents(cli, options, `Password, to submit ${id} with your signature: `);
  const outcome = await withBothWhenAsked<ChangeOutcome>(typed, (components) =>
    control.life.submitSigned(id, { recordDigest: digest, ...components, reason }),
  );
  await connection.remember(outcome.cursor);
  return outcome;
}
