import { CodedError } from '#kernel';

export type SiteErrorCode = 'founded-otherwise';

export class SiteError extends CodedError<SiteErrorCode> {
  override readonly name = 'SiteError';
}
