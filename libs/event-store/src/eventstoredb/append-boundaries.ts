/**
 * Which of its append's events an event is: `[2, 3]`, the second of three. EventStoreDB keeps an append's events together and in order but
 * does not say where it ends; so each event says it in its metadata. Nothing there is part of the record.
 */
export type Part = readonly [index: number, count: number];

export function partMetadata(index: number, count: number): { part: Part } {
  return { part: [index, count] };
}

/** Null for an event that was not written by this adapter. */
export function partOf(metadata: unknown): Part | null {
  if (typeof metadata !== 'object' || metadata === null || !('part' in metadata)) return null;
  const { part } = metadata;
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [index, count] = part as readonly unknown[];
  if (!isCount(index) || !isCount(count) || index > count) return null;
  return [index, count];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
