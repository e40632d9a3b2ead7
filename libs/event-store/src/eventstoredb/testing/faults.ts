/** What the in-process server is told to do wrong. */
export interface Faults {
  /** Takes calls and never answers them. */
  silent: boolean;
  /** Refuses every call as a server does that is starting. */
  unavailable: boolean;
  /** Writes so many appends more and cuts the connection instead of answering. */
  cutAfterWrite: number;
  /** Writes so many appends more and keeps silent about it. */
  silentAfterWrite: number;
  /** Is a follower: refuses calls that need the leader, and says who that is. */
  leader: { readonly host: string; readonly port: number } | null;
  /** Refuses a caller who is no administrator. */
  denied: boolean;
  /** Appends that are larger are refused; the product counts type and metadata as well. */
  maxAppendBytes: number;
}

export function noFaults(): Faults {
  return {
    silent: false,
    unavailable: false,
    cutAfterWrite: 0,
    silentAfterWrite: 0,
    leader: null,
    denied: false,
    maxAppendBytes: 12_582_912,
  };
}
