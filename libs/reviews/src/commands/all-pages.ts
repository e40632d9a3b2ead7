import type { PlacedEvent } from '#audit-trail/published';

const PAGE = 1_000;

/** All events of a query that gives them by the page, behind a position. */
export async function allPages(
  page: (after: string, limit: number) => Promise<readonly PlacedEvent[]>,
): Promise<readonly PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  for (let after = '-1'; ;) {
    const next = await page(after, PAGE);
    events.push(...next);
    const last = next.at(-1);
    if (!last || next.length < PAGE) return events;
    after = last.position;
  }
}
