import { Option, type Command } from 'commander';
import { withPassword, type PasswordOptions } from './password.js';
import { withReason, type ReasonOptions } from './reason.js';

export interface SigningOptions extends ReasonOptions, PasswordOptions {
  readonly recordDigest?: string;
  readonly securityKey?: true;
  readonly browser?: true;
}

/** What every command takes with which a record is signed: a reason, of which record, and by what its signer proves who they are. */
export function withSigning(command: Command): Command {
  const inBrowser = (flag: string, description: string): Option =>
    new Option(flag, description).conflicts(['passwordStdin', 'passwordFile']);
  const signing = command
    .option('--record-digest <digest>', 'go on only when the record still is the one with this digest')
    .addOption(inBrowser('--security-key', 'sign with your security key, in a browser; waits until you have'))
    .addOption(
      inBrowser(
        '--browser',
        'sign in a browser, with single sign-on or your security key; waits until you have',
      ),
    );
  return withPassword(withReason(signing));
}
