/**
 * Works through items, those with the same key one after the other, so many keys at a time. Results are in the items' order.
 * @param isEnough asked before each item; once true, no further one is begun, and those have no result
 * @throws the first error of `work`, when everything that was begun has ended: nothing goes on behind the caller's back
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  lanes: number,
  work: (item: Item) => Promise<Result>,
  isEnough: () => boolean = () => false,
): Promise<readonly Result[]> {
  const queues = Map.groupBy(items.entries(), ([, item]) => keyOf(item)).values();
  const results = new Map<number, Result>();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const queue of queues) {
      for (const [i, item] of queue) {
        if (failures.length > 0 || isEnough()) return;
        try {
          results.set(i, await work(item));
        } catch (error) {
          failures.push(error);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
