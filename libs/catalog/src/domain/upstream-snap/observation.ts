/** Which revision a channel has for an architecture. */
export interface Release {
  /** In full: `latest/stable`, `2.0/edge/fix-1`. */
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number;
  /** The publisher's word for it, such as `2.0`. */
  readonly version: string;
  /** As upstream says it, RFC 3339. */
  readonly releasedAt: string;
}

/** What the store asserts of a snap: whose it is, and by which name. */
export interface Declaration {
  /** The assertion's revision, from 0. */
  readonly revision: number;
  /** Of the assertion's bytes: one revision has one text, and another one is a difference. */
  readonly sha256: string;
  /** The right to the name was withdrawn: the declaration has the empty name. */
  readonly revoked: boolean;
}

/** What came of asking for one revision by its number. */
export interface RevisionLook {
  readonly revision: number;
  /** As which device it was asked for. */
  readonly architecture: string;
  /** Null when upstream said no more than that it has none. */
  readonly version: string | null;
  readonly offered: boolean;
  /** A ring holds it. */
  readonly held: boolean;
}

/** What was seen of a snap at one look, all of it checked: its declaration's chain verified, its channel map well-formed. */
export interface Observation {
  readonly snapId: string;
  /** As the declaration has it; for a revoked one, the name that it was asked for by. */
  readonly name: string;
  /** Those that were asked for: of others nothing is said. */
  readonly architectures: readonly string[];
  /** All that is open for these architectures; null where upstream shows no channel map any more, since the snap is revoked. */
  readonly releases: readonly Release[] | null;
  readonly revisions: readonly RevisionLook[];
  /** The account's id, as the declaration has it. */
  readonly publisher: string;
  readonly declaration: Declaration;
  /** Ids (SHA3-384) of the keys that the declaration and its publisher's account rest on, sorted. */
  readonly signingKeys: readonly string[];
}

/** One string per place in a channel map. Neither part may hold a space. */
export function releaseKey({ channel, architecture }: Pick<Release, 'channel' | 'architecture'>): string {
  return `${channel} ${architecture}`;
}

/** Upstream's map for a snap may have so many places; a larger one is refused as nonsense. */
export const MOST_RELEASES = 2_000;

/** So many revisions that no ring holds are asked for by number at one look; those that one holds are all asked for. */
export const MOST_REVISION_LOOKS = 50;
