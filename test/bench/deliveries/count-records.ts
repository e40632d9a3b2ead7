import pg from 'pg';
import { decodeEvent } from '#kernel';
import { deliveries, type DeliveriesRecorded } from '#fleet/domain/deliveries/deliveries';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { domainEvent } from '#platform/decide-and-append';
import type { Life } from './recording-proxy.js';

export interface Counted {
  /** In the events. */
  readonly records: number;
  /** Recorded by a proxy, and not in both the events and the read model. */
  readonly lost: number;
  /** In the events or the read model more than once. */
  readonly repeated: number;
}

/** How often each, by its name and revision, the highest last. */
type Times = Map<string, Map<number, number>>;

const NONE: ReadonlyMap<number, number> = new Map();

/** Compares what the proxies have recorded with the events and with the read model, which the servers are not asked for. */
export async function countRecords(ownerUrl: string, lives: readonly Life[]): Promise<Counted> {
  const inEvents = await revisionsInEvents(ownerUrl);
  const inReadModel = await revisionsInReadModel(ownerUrl);
  let [records, lost, repeated] = [0, 0, 0];
  for (const { name, atLeast, exactly } of lives) {
    const events = inEvents.get(name) ?? NONE;
    const rows = inReadModel.get(name) ?? NONE;
    const highest = Math.max(0, ...[events, rows].map((each) => [...each.keys()].at(-1) ?? 0));
    // A life that was killed may have written more than it has said.
    const made = exactly ? atLeast : Math.max(atLeast, highest);
    if (highest > made) throw new Error(`${name} has record ${highest}, and made ${made}`);
    for (let revision = 1; revision <= made; revision++) {
      const [event, row] = [events.get(revision) ?? 0, rows.get(revision) ?? 0];
      records += event;
      if (event === 0 || row === 0) lost++;
      if (event > 1 || row > 1) repeated++;
    }
  }
  return { records, lost, repeated };
}

async function revisionsInEvents(ownerUrl: string): Promise<Times> {
  const times: Times = new Map();
  const store = new PostgresEventStore(ownerUrl);
  try {
    for await (const { events } of store.readAll(null)) {
      for (const { bytes, stream } of events) {
        if (!stream.startsWith('deliveries/')) continue;
        const { data } = domainEvent<DeliveriesRecorded>(deliveries, decodeEvent(bytes));
        for (const record of data.records) {
          if (record.what === 'dropped')
            throw new Error(`a proxy dropped ${record.count} records: its spool was full`);
          if (record.what === 'completed') add(times, record.name, record.revision, 1);
        }
      }
    }
  } finally {
    await store.close();
  }
  return times;
}

async function revisionsInReadModel(ownerUrl: string): Promise<Times> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const times: Times = new Map();
    const { rows } = await client.query<{ name: string; revision: string; completed: string }>(
      `select name, revision, completed from read.delivery_v3 order by revision`,
    );
    for (const { name, revision, completed } of rows) add(times, name, Number(revision), Number(completed));
    return times;
  } finally {
    await client.end();
  }
}

function add(times: Times, name: string, revision: number, count: number): void {
  const known = times.get(name) ?? new Map<number, number>();
  times.set(name, known.set(revision, (known.get(revision) ?? 0) + count));
}

/** Of all records, those that the read model has. */
export async function recordsInReadModel(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ sum: string | null }>('select sum(completed) from read.delivery_v3');
  return Number(rows[0]?.sum ?? 0);
}
