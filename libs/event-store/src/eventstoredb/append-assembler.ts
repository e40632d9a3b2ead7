import { cursorAt } from '../decimal-cursor.js';
import type { StoredAppend } from '../port.js';
import type { OwnRecord } from './records.js';

/** Puts appends together again, of events that come one by one: an append is given when its last event is there. */
export class AppendAssembler {
  private held: OwnRecord[] = [];

  /** @throws Error when an event is missing, which only tampering makes */
  add(record: OwnRecord): StoredAppend | null {
    const [index, count] = record.part;
    const before = this.held.at(-1);
    const follows =
      before === undefined
        ? index === 1
        : before.part[0] === index - 1 &&
          before.part[1] === count &&
          before.event.stream === record.event.stream &&
          before.event.streamRevision === record.event.streamRevision - 1n;
    if (!follows)
      throw new Error(
        `an event is missing from EventStoreDB before event ${record.event.streamRevision} of ${record.event.stream}, number ${index} of its append`,
      );
    this.held.push(record);
    if (index < count) return null;
    const events = this.held.map(({ event }) => event);
    this.held = [];
    return { stream: record.event.stream, cursor: cursorAt(record.position), events };
  }
}
