import type { Clock } from '#kernel';
import { CatalogError } from '#catalog/errors';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { isEmergency } from '#release-control/domain/change-request/state';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import type { CapturePort } from '#release-control/reactors/capture-submitted-change/capture-port';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { haltWhenDue } from '#release-control/reactors/halt-unratified/halt-unratified';
import { keepSchedule } from '#release-control/reactors/keep-schedule';
import { noteDueReactor } from '#release-control/reactors/note-due-changes/reactor';
import { supersedeReactor } from '#release-control/reactors/supersede-change/reactor';
import { everyRevision } from '#test/support/every-revision';
import { ABSENT } from './bodies.js';
import { NewEvents } from './new-events.js';

interface Ports {
  readonly streams: StreamWriter;
  readonly store: EventStore;
  readonly clock: Clock;
}

/** An upstream that does not have some snaps, and of every other every revision. */
const capture: CapturePort = {
  ...everyRevision,
  capture: async (item) => {
    if (item.name.startsWith(ABSENT))
      throw new CatalogError('revision-not-found', `there is no ${item.name}`);
    return everyRevision.capture(item);
  },
};

/** What the worker does, when it is told to. */
export class LiveWorker {
  private readonly unhandled: NewEvents;
  private readonly reactors;

  constructor(private readonly ports: Ports) {
    const { streams: writer, store, clock } = ports;
    this.unhandled = new NewEvents(store);
    this.reactors = [
      captureReactor({ writer, clock, capture }),
      applyReactor({ writer, clock }),
      noteDueReactor({ writer, clock }),
      supersedeReactor({ writer, clock }),
    ];
  }

  /** About what has happened, then about the time, and about what came of that. @param released ids of what was, whose ratification it looks at */
  async work(released: readonly string[]): Promise<void> {
    const { streams: writer, store, clock } = this.ports;
    await this.answer();
    await keepSchedule({ writer, store, clock });
    await this.answer();
    for (const id of released) {
      const { state: request } = await writer.load(changeRequest, changeRequestStream(id));
      if (!isEmergency(request)) throw new Error(`${id} was not released`);
      await haltWhenDue({ writer, clock }, { ring: request.ring, request, halt: 'none' }, clock.now());
    }
  }

  private async answer(): Promise<void> {
    for (;;) {
      const events = await this.unhandled.next();
      if (events.length === 0) return;
      for (const envelope of events) for (const reactor of this.reactors) await reactor.handle({ envelope });
    }
  }
}
