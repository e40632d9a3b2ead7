import { CodedError } from '#kernel';
import { EXIT, type ExitCode } from './exit-codes.js';

export type CliErrorCode =
  | 'usage'
  | 'no-password'
  | 'not-signed-in'
  | 'unsafe-session-file'
  | 'unreadable-file'
  | 'unwritable-file'
  | 'unreachable'
  | 'unexpected-answer'
  | 'copy-incomplete'
  | 'not-captured'
  | 'decided-already'
  | 'release-without-effect'
  | 'record-digest-differs'
  | 'sync-incomplete'
  | 'policy-moved'
  | 'baseline-undecided'
  | 'no-host-program'
  | 'no-such-setting'
  | 'operational-test-failed'
  | 'no-such-security-key'
  | 'security-keys-unavailable'
  | 'not-signed-in-time'
  | 'signed-otherwise'
  | 'no-such-template'
  | 'no-standard-change';

/** What the CLI itself finds wrong, before or after it asked the server. */
export class CliError extends CodedError<CliErrorCode> {
  override readonly name = 'CliError';

  get exitCode(): ExitCode {
    return EXIT_OF[this.code];
  }
}

const EXIT_OF: Readonly<Record<CliErrorCode, ExitCode>> = {
  usage: EXIT.usage,
  'no-password': EXIT.usage,
  'not-signed-in': EXIT.notAllowed,
  'unsafe-session-file': EXIT.notAllowed,
  'unreadable-file': EXIT.failure,
  'unwritable-file': EXIT.failure,
  unreachable: EXIT.unreachable,
  'unexpected-answer': EXIT.failure,
  'copy-incomplete': EXIT.unreachable,
  'not-captured': EXIT.refused,
  'decided-already': EXIT.refused,
  'release-without-effect': EXIT.refused,
  'record-digest-differs': EXIT.integrity,
  'sync-incomplete': EXIT.failure,
  'policy-moved': EXIT.refused,
  'baseline-undecided': EXIT.refused,
  'no-host-program': EXIT.failure,
  'no-such-setting': EXIT.notFound,
  'operational-test-failed': EXIT.failure,
  'no-such-security-key': EXIT.notFound,
  'security-keys-unavailable': EXIT.refused,
  'not-signed-in-time': EXIT.failure,
  'signed-otherwise': EXIT.refused,
  'no-such-template': EXIT.notFound,
  'no-standard-change': EXIT.refused,
};
