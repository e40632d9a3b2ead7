import { CodedError } from '#kernel';

export type FleetErrorCode =
  /** Who invites and retires nodes must have the role operator. */
  | 'operator-required'
  | 'invalid-node-name'
  | 'no-such-node'
  /** A node of that name has enrolled, or was retired: names are given once. */
  | 'node-exists'
  /** The token was never given out, has expired, was used, or another one came after it. */
  | 'enrolment-refused'
  | 'node-retired'
  /** What came says that it is of this node, and is not signed with its key. */
  | 'node-signature-refused'
  /** Its key has ended: nothing of it is taken until it has shown a new one. */
  | 'node-key-expired'
  /** It asks for a new key before the end of its own is near, or for the same one. */
  | 'node-key-not-due'
  /** What came from a node cannot be read. */
  | 'node-message-malformed'
  /** A batch came before the one that must come first. */
  | 'batch-out-of-order'
  /** A batch is not the one that was recorded under its number, or does not follow the last one. */
  | 'batch-forked'
  /** Two histories came under one key: nothing more is taken until the node is enrolled anew. */
  | 'node-forked'
  | 'invalid-ring-name'
  | 'ring-exists'
  | 'no-such-ring'
  | 'too-many-rings'
  /** A list that is to be imported is not well-formed. */
  | 'invalid-device-list'
  | 'no-such-device-list';

export class FleetError extends CodedError<FleetErrorCode> {
  override readonly name = 'FleetError';
}
