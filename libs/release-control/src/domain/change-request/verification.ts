import type { Author } from './events.js';

/** What the delivery records say of a version: of how many devices, each counted once. */
export interface DeliveryFigures {
  readonly name: string;
  readonly subject: string;
  readonly version: string;
  /** To how many it was offered, how many downloaded it to its end, and how many said that they have it. */
  readonly offered: number;
  readonly downloaded: number;
  readonly installed: number;
}

export interface Verification {
  readonly by: Author;
  readonly at: string;
  /** What was looked at, in the person's words. */
  readonly lookedAt: string;
  /** Of each version that the change set, since it was put in force (of older requests: ever), as control had them at that moment: recorded, and decided on by nobody but the person. */
  readonly figures: readonly DeliveryFigures[];
  /** How many more lines there were. */
  readonly figuresLeftOut: number;
}
