import type { CommandContext, Decider, DomainEvent } from '#kernel';
import type { NextDue } from '../change-request/due.js';

/** What time does to a change request next. */
export interface Due extends NextDue {
  /** Ids of the events that authorised it: of a start, the approval's. */
  readonly authorisedBy: readonly string[];
}

/** A change request waits for a time, or for another one than before. */
export type DueNoted = DomainEvent<'DueNoted', { readonly changeRequest: string; readonly due: Due }>;
/** It waits for none any more: its time came, or was overtaken. */
export type DueDropped = DomainEvent<'DueDropped', { readonly changeRequest: string }>;

/** Which requests wait for which time: by the request's id. */
export type Schedule = ReadonlyMap<string, Due>;

export interface NoteDue {
  readonly changeRequest: string;
  readonly due: Due | null;
  readonly context: CommandContext;
}

export const SCHEDULE_STREAM = 'schedule';

/**
 * What waits for its time, kept as events: a worker that is started again knows it, without looking through the whole history. Said twice, it is said once.
 */
export const schedule: Decider<NoteDue, DueNoted | DueDropped, Schedule> & {
  readonly versions: { readonly DueNoted: 4; readonly DueDropped: 1 };
} = {
  initialState: new Map(),
  // Version 2 of what is noted: of a plan, that it begins in the next ring. Version 3: that it begins once its soak in another ring is over. Version 4: once the trail of it is reviewed.
  versions: { DueNoted: 4, DueDropped: 1 },
  decide({ changeRequest, due }, waiting) {
    const known = waiting.get(changeRequest);
    if (due === null) return known ? [{ type: 'DueDropped', data: { changeRequest } }] : [];
    return known && isSame(known, due) ? [] : [{ type: 'DueNoted', data: { changeRequest, due } }];
  },
  evolve(waiting, event) {
    const next = new Map(waiting);
    switch (event.type) {
      case 'DueNoted':
        return next.set(event.data.changeRequest, event.data.due);
      case 'DueDropped':
        next.delete(event.data.changeRequest);
        return next;
    }
  },
};

function isSame(a: Due, b: Due): boolean {
  const isAlike = a.at === b.at && a.does === b.does && a.waitsForTicket === b.waitsForTicket;
  return isAlike && a.authorisedBy.join() === b.authorisedBy.join();
}

/** What is due by now, the longest overdue first; a worker that was away works them off in their order. */
export function dueBy(waiting: Schedule, now: string): readonly (readonly [id: string, due: Due])[] {
  return [...waiting].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
}

/** Milliseconds: the worker looks every few seconds, and one that was away catches up. */
const LATE_MS = 5 * 60_000;

/**
 * Requests that should have begun or expired by now, and have not: what is to begin in a plan's next ring, after its soak, or once its ticket is approved, may wait for more than its time.
 * @param now RFC 3339, UTC
 */
export function overdueIn(waiting: Schedule, now: string): readonly string[] {
  const late = new Date(Date.parse(now) - LATE_MS).toISOString();
  return dueBy(waiting, late).flatMap(([id, { does, waitsForTicket }]) =>
    (does === 'start' && !waitsForTicket) || does === 'expire' ? [id] : [],
  );
}
