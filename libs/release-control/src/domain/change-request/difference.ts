/** One thing that is said of a version, in one line. `null`: nothing is. */
export interface DifferenceLine {
  readonly what: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** What to look at twice before approving. */
export interface Mark {
  /** The format's word. */
  readonly code: string;
  readonly text: string;
}

/** How what is asked for differs from what was chosen before, in the format's words: part of what is signed, so that what a signer saw can be shown later. */
export interface Difference {
  readonly lines: readonly DifferenceLine[];
  readonly marks: readonly Mark[];
  /** How many lines and marks there was no room for, or not for all of them; absent for none. */
  readonly omitted?: number;
}
