import { Option, type Command } from 'commander';
import { recordDigest, type JsonObject } from '#kernel';
import { CliError } from '../cli-error.js';
import { withPassword, type PasswordOptions } from './password.js';
import { withReason, type ReasonOptions } from './reason.js';

/** By what a signer proves who they are: here, or in a browser. */
export interface ProofOptions extends PasswordOptions {
  readonly securityKey?: true;
  readonly browser?: true;
}

export interface SigningOptions extends ReasonOptions, ProofOptions {
  readonly recordDigest?: string;
}

/** What every command takes with which a record is signed: a reason, of which record, and by what its signer proves who they are. */
export function withSigning(command: Command): Command {
  const named = command.option(
    '--record-digest <digest>',
    'go on only when the record still is the one with this digest',
  );
  return withPassword(withReason(withBrowser(named)));
}

/** The same of a command that drafts what is signed, and says its reason itself. */
export function withProof(command: Command): Command {
  return withPassword(withBrowser(command));
}

function withBrowser(command: Command): Command {
  const inBrowser = (flag: string, description: string): Option =>
    new Option(flag, description).conflicts(['passwordStdin', 'passwordFile']);
  return command
    .addOption(inBrowser('--security-key', 'sign with your security key, in a browser; waits until you have'))
    .addOption(
      inBrowser(
        '--browser',
        'sign in a browser, with single sign-on or your security key; waits until you have',
      ),
    );
}

/**
 * The digest of a record that is shown, computed here: a server that shows one record and names another's digest gets no signature.
 * @param kind what the digest is of, as the server has it, such as `change-draft`
 * @param named the digest that the server names
 * @throws CliError `record-digest-differs`, also for the record of another id
 */
export function digestOfShown(
  kind: string,
  id: string,
  record: JsonObject & { readonly id: string },
  named: string,
): string {
  const digest = recordDigest({ record: kind, ...record });
  if (digest === named && record.id === id) return digest;
  throw new CliError(
    'record-digest-differs',
    `the server names ${named} as the digest of a record that has ${digest}; not signed`,
  );
}

/** @throws CliError `record-digest-differs` for another digest than the one that `--record-digest` names */
export function requireNamedDigest({ recordDigest }: SigningOptions, id: string, digest: string): void {
  if (recordDigest === undefined || recordDigest === digest) return;
  throw new CliError(
    'record-digest-differs',
    `${id} now has the digest ${digest}, not ${recordDigest}; look at it again`,
  );
}
