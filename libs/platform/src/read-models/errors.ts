import { CodedError } from '#kernel';

export type ReadModelErrorCode =
  /** Rows are not those that follow from the events. */
  | 'read-models-differ'
  /** A checkpoint is not where the projector left it: somebody set it back, or the database is an older one. */
  | 'checkpoint-moved'
  /** The projector has not made one of them yet. */
  | 'read-models-not-live'
  | 'no-such-read-model'
  /** The projector tried, and said why it could not. */
  | 'rebuild-failed'
  /** Nobody has taken up what only a projector does. */
  | 'no-projector';

export class ReadModelError extends CodedError<ReadModelErrorCode> {
  override readonly name = 'ReadModelError';
}
