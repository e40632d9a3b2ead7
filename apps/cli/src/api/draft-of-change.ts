import type { JsonValue } from '#kernel';
import type { AskedItem } from './asked-item.js';
import type { SaidOfChange } from './types.js';

/** A request before it is captured, as its author signs it. */
export interface DraftRecord extends SaidOfChange {
  readonly items: readonly AskedItem[] & JsonValue;
}

/** What its author signs, and whether they have to. */
export interface DraftOfChange {
  readonly record: DraftRecord;
  readonly digest: string;
  readonly mustSign: boolean;
}
