import { CodedError } from '#kernel';

export type SiteErrorCode =
  /** Keys and history are not of one site. */
  | 'founded-otherwise'
  /** The store is empty, and this site's is not. */
  | 'not-founded'
  /** The site's history is in the other store. */
  | 'store-not-in-use'
  /** The store lacks an event that the site's history is known to have: it is an old copy. */
  | 'store-behind'
  /** An event says that something was before it which was not, by the events before it. */
  | 'old-values-differ'
  | 'no-certificate-in-use'
  /** What was given holds no store assertion that could be served. */
  | 'not-a-registration'
  /** The store assertion sends devices to another address than ours. */
  | 'registered-for-another-address'
  | 'not-registered'
  /** What was given is not what the incumbent exports. */
  | 'not-an-export'
  /** The folder to write into has something in it. */
  | 'folder-not-empty'
  | 'operator-required'
  | 'admin-or-qa-required'
  /** Of settings by which people sign: by who did not ask for it. */
  | 'second-person-required'
  | 'setting-not-requested'
  | 'no-such-setting'
  /** The servers would not start with it. */
  | 'wrong-setting'
  | 'not-a-secret'
  | 'secret-not-set'
  /** The sealed value of a secret is not there, or not what was sealed. */
  | 'secret-lost'
  /** The file that says what the servers were started with is not ours any more. */
  | 'settings-file-damaged';

export class SiteError extends CodedError<SiteErrorCode> {
  override readonly name = 'SiteError';
}
