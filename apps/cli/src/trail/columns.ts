import type { AuditedEvent } from '../api/types.js';
import { actorText, reasonText } from '../output/reason.js';
import type { Column } from '../output/table.js';
import { siteTime } from '../output/times.js';

/** What is shown of an event: on the screen, on paper and in a file the same, in the same order. */
export type ShownEvent = Pick<
  AuditedEvent,
  'position' | 'at' | 'offset' | 'zone' | 'actor' | 'type' | 'stream' | 'reason'
>;

interface TrailColumn extends Column<ShownEvent> {
  readonly cell: (event: ShownEvent) => string;
}

export const TRAIL_COLUMNS: readonly TrailColumn[] = [
  { header: 'Position', cell: (event) => event.position },
  { header: 'Time (UTC)', utc: true, cell: (event) => event.at },
  { header: 'At the site', cell: siteTime },
  { header: 'By', cell: (event) => actorText(event.actor) },
  { header: 'Event', cell: (event) => event.type },
  { header: 'Record', cell: (event) => event.stream },
  { header: 'Why', cell: ({ reason }) => reasonText(reason) },
];
