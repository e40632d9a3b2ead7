import { CodedError } from '#kernel';

/** All that this library can refuse. Every input of it comes from a network or a file that somebody else wrote. */
export type SnapErrorCode =
  /** Bytes that are no assertion, or a header that its type may not have. */
  | 'malformed-assertion'
  /** A limit of protocol page §10 is exceeded. */
  | 'assertion-too-large'
  | 'unknown-assertion-type'
  /** Well-formed, but in a newer format of its type than this library can judge. */
  | 'unsupported-format'
  | 'malformed-key'
  | 'malformed-signature'
  | 'bad-signature'
  /** A prerequisite is neither among the assertions nor built in; `about` names it. */
  | 'broken-chain'
  /** The chain ends, but in a key that nobody told us to trust. */
  | 'untrusted-root'
  /** Signed by an account that may not sign this. */
  | 'wrong-authority'
  /** Signed correctly, but at odds with itself or with what it refers to. */
  | 'inconsistent-assertion'
  | 'key-expired'
  | 'key-not-yet-valid'
  /** The assertion claims a time at which its key was not valid. */
  | 'timestamp-outside-key-validity'
  | 'malformed-channel'
  | 'malformed-revision'
  | 'malformed-digest'
  /** A store request that snapd would never send; `about` is a JSON pointer (RFC 6901). */
  | 'bad-request';

export class SnapError extends CodedError<SnapErrorCode> {
  override readonly name = 'SnapError';

  /** @param about what the message is about, for programs: `type (primary/key)` of an assertion, or a JSON pointer */
  constructor(
    code: SnapErrorCode,
    message: string,
    readonly about?: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}
