/**
 * An error that a caller can act on. Each library narrows `Code` to its own closed union; one table in
 * `platform` maps every code to an HTTP status, a problem type and a CLI exit code. Domain errors know nothing of HTTP.
 */
export abstract class CodedError<Code extends string> extends Error {
  abstract override readonly name: string;

  constructor(
    readonly code: Code,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type KernelErrorCode = 'not-canonical' | 'not-text' | 'malformed-event' | 'event-too-large';

export class KernelError extends CodedError<KernelErrorCode> {
  override readonly name = 'KernelError';
}
