import { canonicalJson, type JsonValue } from './canonical-json.js';
import type { DomainEvent } from './decider.js';

/** A value that an event says was in force before it, and what the events before it lead to (R03). */
export interface StatedBefore {
  /** Where in the event's data. */
  readonly field: string;
  readonly stated: JsonValue;
  readonly held: JsonValue;
}

/** Members of an event's data that look as if they said what was before: a rule about them cannot be forgotten. */
export const OLD_LOOKING = ['old', 'from', 'before', 'previous', 'expected', 'known'] as const;

type KeysOf<Data> = Data extends unknown ? keyof Data : never;
type OldLooking<Data> = Extract<KeysOf<Data>, (typeof OLD_LOOKING)[number]>;

/** Why what looks like an old value is not held against the stream's own history. A sentence. */
export interface NotOfItsStream {
  readonly because: string;
}

type ByState<Data, State> = (data: Data, state: State) => readonly StatedBefore[];
type RuleFor<Event extends DomainEvent, State> =
  | ByState<Event['data'], State>
  | NotOfItsStream
  | ([OldLooking<Event['data']>] extends [never] ? null : never);

/**
 * Of every type of event of a kind of stream, what it says was before it, by the state that the events before it lead to. Null for one that says nothing
 * of the sort, which does not type-check where a member looks like it.
 */
export type StatedBeforeIn<Event extends DomainEvent, State> = {
  readonly [Type in Event['type']]: RuleFor<Extract<Event, { readonly type: Type }>, State>;
};

/** @param held undefined: there was nothing, which events write as null */
export function statedBefore(field: string, stated: unknown, held: unknown): StatedBefore {
  return { field, stated: asJson(stated), held: asJson(held) };
}

export function isAsHeld({ stated, held }: StatedBefore): boolean {
  return canonicalJson(stated) === canonicalJson(held);
}

/** As an event would hold it: a member that is undefined is none. */
function asJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue;
}
