import { CodedError } from '#kernel';

export type TlsErrorCode =
  /** More than a certificate with its key could ever be. */
  | 'certificate-too-large'
  /** A block of PEM that is cut off, of no use here, or not what it calls itself. */
  | 'malformed-certificate'
  | 'malformed-private-key'
  | 'encrypted-private-key'
  | 'no-certificate'
  | 'no-private-key'
  | 'several-private-keys'
  /** No certificate is for the key. */
  | 'private-key-differs'
  | 'certificate-not-yet-valid'
  | 'certificate-expired'
  | 'certificate-for-other-names'
  /** No name is known that it must be for. */
  | 'no-name'
  /** A client would not speak with who shows it. */
  | 'certificate-unusable';

/** What is wrong with a certificate or its key; no message has anything of the key in it. */
export class TlsError extends CodedError<TlsErrorCode> {
  override readonly name = 'TlsError';
}
