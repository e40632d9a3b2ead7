import { CodedError } from '#kernel';

export type SiteErrorCode =
  /** Keys and history are not of one site. */
  | 'founded-otherwise'
  /** The store is empty, and this site's is not. */
  | 'not-founded'
  /** The site's history is in the other store. */
  | 'store-not-in-use';

export class SiteError extends CodedError<SiteErrorCode> {
  override readonly name = 'SiteError';
}
