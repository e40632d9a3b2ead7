import { CodedError } from '#kernel';

export type LedgerErrorCode =
  /** An event is not what was sealed at its position: the database was altered, or it is another site's. */
  | 'entry-differs'
  /** The event store has fewer events than were sealed: an old backup, or events were removed. */
  | 'store-behind'
  /** The read models counted more than was sealed: the ledger's folder is an old copy. */
  | 'ledger-behind'
  /** The two kept checkpoints are not two moments of one history. */
  | 'checkpoints-disagree'
  /** Another projector writes the ledger now. Nothing is wrong with the history. */
  | 'fenced-out'
  /** The files in the ledger's folder do not lead to its checkpoint. */
  | 'ledger-damaged';

/** Nothing is signed after one of these: a person has to look. */
export class LedgerError extends CodedError<LedgerErrorCode> {
  override readonly name = 'LedgerError';

  constructor(
    code: LedgerErrorCode,
    message: string,
    /** The first event that the error is about, where there is one. */
    readonly position?: bigint,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}
