import { CodedError } from '#kernel';

export type NotificationErrorCode =
  /** Who says where events go must have the role operator. */
  | 'operator-required'
  | 'no-such-sink'
  | 'sink-exists'
  /** Its address, whom it is for, or what it is told cannot be meant so. */
  | 'wrong-sink'
  | 'too-many-sinks'
  /** Whose mail address it is to be, there is not. */
  | 'unknown-person'
  /** The history has no event at that position yet. */
  | 'no-such-position';

export class NotificationError extends CodedError<NotificationErrorCode> {
  override readonly name = 'NotificationError';
}
