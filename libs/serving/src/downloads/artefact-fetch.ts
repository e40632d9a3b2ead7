/** What an artefact is fetched from; errors say `upstream-unavailable`, `kept-unavailable`. */
export type ArtefactSource = 'upstream' | 'kept';

/** A body of the other side, from byte `from` of the artefact on. */
export interface ArtefactBody {
  /** Where the body starts: what was asked for, or 0 when the other side ignored the range. */
  readonly from: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Gets an artefact from its source. How the egress goes (origins, proxies, credentials) is the adapter's.
 * @throws ServingError `upstream-unavailable` or `kept-unavailable`, `artefact-missing`
 */
export type ArtefactFetch = (address: string, from: number, signal: AbortSignal) => Promise<ArtefactBody>;
