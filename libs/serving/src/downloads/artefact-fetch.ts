/** An upstream body, from byte `from` of the artefact on. */
export interface ArtefactBody {
  /** Where the body starts: what was asked for, or 0 when upstream ignored the range. */
  readonly from: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Gets an artefact from upstream. How the egress goes (origins, proxies, credentials) is the adapter's.
 * @throws ServingError `upstream-unavailable` or `kept-unavailable`, `artefact-missing`
 */
export type ArtefactFetch = (address: string, from: number, signal: AbortSignal) => Promise<ArtefactBody>;
