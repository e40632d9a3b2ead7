export const UPSTREAM_RELEASES = Symbol('what upstream has');

/** What upstream has of a snap on each channel and architecture, as it was last seen: of the history, and never of a read model. None of one that was never looked at. */
export type UpstreamReleases = (snapId: string) => Promise<
  readonly {
    /** In full: `latest/stable`. */
    readonly channel: string;
    readonly architecture: string;
    readonly revision: number;
  }[]
>;
