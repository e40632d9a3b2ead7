import { CodedError } from '#kernel';

/**
 * - `unreachable`: no connection, or it broke off
 * - `timed-out`: the call's whole budget went by
 * - `server-error`: an answer with a status that says no; `status` has it
 * - `malformed-answer`: an answer that isn't what the endpoint answers with: no JSON, too large, too many redirects
 * - `not-found`: status 404
 * - `refused-address`: an address that we don't connect to, named by an answer
 */
export type UpstreamErrorCode =
  'unreachable' | 'timed-out' | 'server-error' | 'malformed-answer' | 'not-found' | 'refused-address';

export class UpstreamError extends CodedError<UpstreamErrorCode> {
  override readonly name = 'UpstreamError';
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** Milliseconds that upstream wants to be left alone; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: UpstreamErrorCode,
    message: string,
    options?: ErrorOptions & { readonly status?: number; readonly retryAfterMs?: number | undefined },
  ) {
    super(code, message, options);
    this.status = options?.status;
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** Whether the same call may well succeed in a moment. 501 says that it never will. */
  get transient(): boolean {
    switch (this.code) {
      case 'unreachable':
      case 'timed-out':
        return true;
      case 'server-error':
        return (
          this.status === 429 || (this.status !== undefined && this.status >= 500 && this.status !== 501)
        );
      case 'malformed-answer':
      case 'not-found':
      case 'refused-address':
        return false;
    }
  }
}
