import { CodedError } from '#kernel';

export type CatalogErrorCode =
  /** Upstream has no snap of that name. */
  | 'snap-not-found'
  /** The snap has no such revision, or upstream doesn't give it out. */
  | 'revision-not-found'
  /** The revision is there, for other architectures than this site's. */
  | 'no-architecture'
  /** The publisher's right to the name was withdrawn: the declaration names no snap. */
  | 'snap-revoked'
  /** The store said no in its own words. */
  | 'store-refused'
  /** An answer that lacks what a device needs, or has it in another form. */
  | 'malformed-metadata'
  /** What upstream says of a revision, and what was signed for it, are not the same. */
  | 'metadata-disagrees'
  /** Upstream lacks an assertion that the chain needs. */
  | 'assertion-not-found'
  | 'chain-too-long'
  /** The bytes that upstream sent are not the ones that were signed. */
  | 'tampered-artefact'
  | 'malformed-manifest'
  | 'unknown-format'
  /** Who says what is watched, or has it looked at, must have the role operator or author. */
  | 'not-an-operator'
  /** Nobody has put the snap on the watch list, so nobody can take it off. */
  | 'not-on-the-list'
  /** The snap is not watched: put it on the list first. */
  | 'not-watched'
  | 'no-such-sync';

export class CatalogError extends CodedError<CatalogErrorCode> {
  override readonly name = 'CatalogError';
}
