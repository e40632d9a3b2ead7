import { CodedError } from '#kernel';

export type HttpErrorCode =
  | 'malformed-json'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'malformed-request'
  | 'invalid-request'
  | 'reason-required'
  | 'no-such-route'
  /** Plain HTTP, where HTTPS is served. */
  | 'https-required'
  /** The key was given with another request before. */
  | 'idempotency-key-reused'
  | 'request-in-progress'
  /** The record is not at the revision that `If-Match` names. */
  | 'precondition-failed'
  /** It was done, and what was answered is not known any more. */
  | 'answer-lost'
  | 'not-yet-projected'
  /** The database of the read models is away or silent. */
  | 'unavailable'
  | 'overloaded';

/** Where in the request's body (RFC 6901) what is wrong, for a form to show beside the field. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** What is wrong with a request before any domain looks at it. */
export class HttpError extends CodedError<HttpErrorCode> {
  override readonly name = 'HttpError';

  constructor(
    code: HttpErrorCode,
    message: string,
    readonly errors: readonly FieldError[] = [],
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}
