import { CodedError } from '#kernel';

export type TlogErrorCode =
  /** A note, key, checkpoint, bundle, tile or proof isn't in the form that its specification gives. */
  | 'malformed-note'
  | 'malformed-key'
  | 'malformed-checkpoint'
  | 'malformed-bundle'
  | 'malformed-proof'
  /** A key that we trust is named, and the signature isn't its. */
  | 'bad-signature'
  /** Nobody that we trust signed. */
  | 'no-trusted-signature'
  /** Signed by a trusted key, but not by the log that the checkpoint names. */
  | 'wrong-origin'
  /** The entries are not those that the signed root covers. */
  | 'root-differs'
  /** The entries are right, a stored tile isn't. */
  | 'tile-differs'
  | 'missing-file'
  /** An inclusion or consistency proof doesn't lead to the root. */
  | 'invalid-proof';

export class TlogError extends CodedError<TlogErrorCode> {
  override readonly name = 'TlogError';

  constructor(
    code: TlogErrorCode,
    message: string,
    /** The first entry that the error is about, where one can be named. */
    readonly position?: bigint,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}
