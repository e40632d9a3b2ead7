import type { Dropped } from '../domain/deliveries/record.js';

/** Counts the records that found no room, until that can be told. */
export class DroppedRecords {
  private untold: Dropped | undefined;

  /** @param at of the record */
  count(at: string): void {
    const { at: first, count } = this.untold ?? { at, count: 0 };
    this.untold = { at: first, what: 'dropped', until: at, count: count + 1 };
  }

  /** @param write whether it has found room @returns whether nothing is left to tell */
  tell(write: (record: Dropped) => boolean): boolean {
    if (!this.untold) return true;
    if (!write(this.untold)) return false;
    this.untold = undefined;
    return true;
  }
}
