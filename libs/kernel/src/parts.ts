/**
 * Which part of a list an event holds: [i, n], the i-th (from 1) of the n events that the list is spread over, in one append. An event without it holds
 * the whole list, as all did before lists could be longer than an event.
 */
export type ListPart = readonly [index: number, count: number];

/** Of an event's data, beside the list. */
export interface InPart {
  readonly part?: ListPart;
}

/**
 * Bytes of a list in one event of at most 65,535: the rest is for its head and envelope, which hold a reason each, of 2,000 characters that may take six bytes each.
 */
const MOST_BYTES = 36_000;

/** A list in parts that fit into an event each, in order. At least one; none but the last could hold more. */
export function split<Element>(list: readonly Element[]): readonly (readonly Element[])[] {
  const parts: Element[][] = [[]];
  let bytes = 0;
  for (const element of list) {
    const size = bytesOf(element) + 1;
    if (bytes + size > MOST_BYTES && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(element);
    bytes += size;
  }
  return parts;
}

/** For each part of a list what an event says of it: its elements, and which part it is where there are several. */
export function inParts<Element>(
  list: readonly Element[],
): readonly { readonly elements: readonly Element[]; readonly part: InPart }[] {
  const parts = split(list);
  const { length } = parts;
  return parts.map((elements, i) => ({ elements, part: length === 1 ? {} : { part: [i + 1, length] } }));
}

/** UTF-8 bytes as an event holds it: canonical JSON differs in the order of members only. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The parts of a list that have come so far, the first `received` of `count`. */
export interface PartsSoFar<Element> {
  readonly elements: readonly Element[];
  readonly received: number;
  readonly count: number;
}

/**
 * Adds the next part. A first one begins anew: what came before it was never whole, and has no effect.
 * @throws Error for one that does not follow: an append is stored whole and in order, so the history is not this stream's
 */
export function withPart<Element>(
  before: PartsSoFar<Element> | undefined,
  { part }: InPart,
  elements: readonly Element[],
): PartsSoFar<Element> {
  const [index, count] = part ?? [1, 1];
  if (index === 1) return { elements, received: 1, count };
  if (before?.received !== index - 1 || before.count !== count)
    throw new Error(`part ${index} of ${count} of a list does not follow what came before it`);
  return { elements: [...before.elements, ...elements], received: index, count };
}

/** Before that, a list has no effect. */
export function isWhole({ received, count }: PartsSoFar<unknown>): boolean {
  return received === count;
}

/** Whether an event ends a list, or holds all of it. By its data, whatever kind of event it is. */
export function endsList(data: unknown): boolean {
  const { part } = data as InPart;
  return part === undefined || part[0] === part[1];
}
