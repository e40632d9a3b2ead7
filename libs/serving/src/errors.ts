import { CodedError } from '#kernel';

export type ServingErrorCode =
  /** A download URL that we did not make, or made for another ring or store. */
  | 'download-refused'
  /** One that we made, but too long ago. */
  | 'download-expired'
  /** The artefact's bytes are not what its digest says, on our disk or as upstream sent them. */
  | 'artefact-mismatch'
  /** A file on our disk was written to or replaced while it was verified or sent. */
  | 'artefact-changed'
  /** A file on our disk can't be read to its end. */
  | 'artefact-unreadable'
  /** Our own disk takes no more of it, or gives nothing back: full, or failing. */
  | 'cache-unavailable'
  /** The kept blobs, a folder or a bucket, can't be read now. */
  | 'kept-unavailable'
  /** Nothing is kept under that digest. */
  | 'artefact-missing'
  /** Upstream is gone, slow or answers with errors. */
  | 'upstream-unavailable'
  /** A device's session that we did not make, or that is over. */
  | 'session-unknown'
  /** A device registers with a service that this site does not list. */
  | 'device-service-refused'
  /** Nobody gave this store its registration. */
  | 'not-registered'
  /** What a device sent cannot be understood. */
  | 'bad-request'
  /** No policy document that verifies has been seen yet: nothing is decided, so nothing is served (fail static, never open). */
  | 'no-policy'
  /** A policy document that must not be obeyed: older than the one obeyed, or of the same position with other bytes. */
  | 'policy-rolled-back'
  /** The store proxy that answers while this one looks on is gone, slow, or says what is no HTTP. */
  | 'incumbent-unavailable'
  /** A shadow that was told to stand in front of a shadow, or of itself. */
  | 'shadow-loop'
  | 'policy-forked';

export class ServingError extends CodedError<ServingErrorCode> {
  override readonly name = 'ServingError';
}
