import { createHash } from 'node:crypto';
import { decodeEvent, type EventEnvelope } from '#kernel';
import type { Cursor, StoredAppend } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import type { Findings } from '../findings.js';

/** An event as the database gave it. */
export interface Happened {
  readonly position: number;
  /** Of the append that it came in. */
  readonly cursor: Cursor;
  readonly sha256: string;
  readonly envelope: EventEnvelope;
}

/** The event store's whole content, read by the loop itself, past all servers; grows from round to round. */
export class History {
  readonly events: Happened[] = [];
  private cursor: Cursor | null = null;
  private readonly ids = new Set<string>();
  private readonly revisions = new Map<string, number>();

  /** Reads what is new, past all servers. */
  async readOn(ownerUrl: string, findings: Findings): Promise<void> {
    const store = new PostgresEventStore(ownerUrl);
    try {
      for await (const append of store.readAll(this.cursor)) this.take(append, findings);
    } finally {
      await store.close();
    }
  }

  /** The next append. Positions, ids, parts and stream revisions must be what a store promises. */
  take({ cursor, events }: StoredAppend, findings: Findings): void {
    for (const [index, { bytes, id, stream, streamRevision }] of events.entries()) {
      const position = this.events.length;
      const envelope = decodeEvent(bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      this.events.push({ position, cursor, sha256, envelope });
      const where = `event ${position} (${envelope.type} in ${stream})`;
      findings.expect(!this.ids.has(id), `${where}: its id ${id} is there twice`);
      this.ids.add(id);
      const expected = (this.revisions.get(stream) ?? -1) + 1;
      findings.expect(
        Number(streamRevision) === expected,
        `${where}: revision ${streamRevision}, not ${expected}`,
      );
      this.revisions.set(stream, Number(streamRevision));
      const [part, parts] = envelope.part;
      findings.expect(
        part === index + 1 && parts === events.length,
        `${where}: part ${part} of ${parts} stands ${index + 1} of ${events.length}`,
      );
    }
    this.cursor = cursor;
    const last = this.events.length - 1;
    findings.expect(cursor === String(last), `event ${last} stands at ${cursor}: positions have a gap`);
  }

  /** Of each change request, its events in order. */
  byRequest(): Map<string, Happened[]> {
    const requests = new Map<string, Happened[]>();
    for (const happened of this.events) {
      const [kind, id = ''] = happened.envelope.stream.split('/');
      if (kind !== 'change-request') continue;
      const events = requests.get(id) ?? [];
      events.push(happened);
      requests.set(id, events);
    }
    return requests;
  }
}
