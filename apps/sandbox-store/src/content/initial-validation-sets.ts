/** What the developer says of snaps that belong together, at one point of its sequence (protocol page §11). */
export interface ValidationSet {
  readonly name: string;
  /** Counts up from 1. */
  readonly sequence: number;
  readonly snaps: readonly {
    readonly name: string;
    readonly id: string;
    readonly presence: 'required' | 'optional' | 'invalid';
    /** Any, when absent. */
    readonly revision?: number;
  }[];
}

const HELLO = { name: 'lab-hello', id: 'labhelloidlabhelloidlabhelloid01', presence: 'required' } as const;
const TOOL = { name: 'lab-tool', id: 'labtoolidlabtoolidlabtoolidlab02', presence: 'optional' } as const;

export const INITIAL_VALIDATION_SETS: readonly ValidationSet[] = [
  { name: 'lab-set', sequence: 1, snaps: [{ ...HELLO, revision: 1 }] },
  { name: 'lab-set', sequence: 2, snaps: [HELLO, TOOL] },
];
