import { CodedError } from '#kernel';
import type { TlogErrorCode } from '#tlog';

export type IntegrityErrorCode = TlogErrorCode | 'database-differs' | 'installation-differs' | 'copy-differs';

/** The ledger, the database beside it, a copy of the record, or the installation, is not what was sealed or signed. */
export class IntegrityError extends CodedError<IntegrityErrorCode> {
  override readonly name = 'IntegrityError';

  constructor(
    code: IntegrityErrorCode,
    message: string,
    /** The first event that is wrong, where one can be named. */
    readonly position?: bigint | undefined,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }

  /** For the JSON forms. */
  get facts(): { code: IntegrityErrorCode; detail: string; position?: string } {
    const { code, message, position } = this;
    return { code, detail: message, ...(position === undefined ? {} : { position: String(position) }) };
  }
}
