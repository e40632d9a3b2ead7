import pg from 'pg';
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store';
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { EventStoreError } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { BenchDatabase } from './bench-database.js';
import type { Bench } from './bench.js';
import { countLoss, type LossSubject } from './count-loss.js';

const APPEND = `select outcome from events.append(
  array[$1], array[-1::bigint], array[cardinality($2::uuid[])], $2::uuid[], $3::text[], $4::bytea[])`;

/** PostgreSQL, with transactions that hold the head's lock for a while, with all other appends waiting behind, and then roll back. */
async function openPostgres(): Promise<LossSubject> {
  const database = await BenchDatabase.start();
  const store = new PostgresEventStore(database.url('control'));
  const pool = new pg.Pool({ connectionString: database.url('control') });
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  return {
    name: 'PostgreSQL',
    store,
    async rollBack(stream, events) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query<{ outcome: string }>(APPEND, [
          stream,
          events.map(({ id }) => id),
          events.map(({ type }) => type),
          events.map(({ bytes }) => Buffer.from(bytes)),
        ]);
        if (rows[0]?.outcome !== 'appended') throw new Error(`the append ended as ${rows[0]?.outcome}`);
        await client.query('select pg_sleep(0.002)');
        await client.query('rollback');
      } finally {
        client.release();
      }
    },
    async close() {
      await store.close();
      await pool.end();
      await database.stop();
    },
  };
}

/**
 * EventStoreDB's adapter on the server of its protocol in this process. The protocol has no roll-back: what is undone is an append at a revision
 * that its stream does not have, and with each the server drops all subscriptions.
 */
async function openEventStoreDb(): Promise<LossSubject> {
  const server = await InProcessEventStoreDb.started();
  const store = new EventStoreDbEventStore(server.url);
  return {
    name: 'EventStoreDB, in process',
    store,
    async rollBack(stream, events) {
      server.dropSubscriptions();
      const refused = await store.append(stream, 0n, events).catch((error: unknown) => error);
      if (!(refused instanceof EventStoreError) || refused.code !== 'wrong-expected-revision')
        throw new Error(`an append to a stream that is not there ended as ${String(refused)}`);
    },
    async close() {
      await store.close();
      server.stop();
    },
  };
}

const SUBJECTS = [openPostgres, openEventStoreDb];

export const loss: Bench = {
  name: 'loss',
  about:
    '8 writers × 500 appends of mixed length, 4 % rolled back, a live subscriber: what it missed, and what it got twice',
  marks: [
    { figure: 'lost', atMost: 0 },
    { figure: 'repeated', atMost: 0 },
  ],
  async run(say) {
    const rows: (string | number)[][] = [];
    const sum = { lost: 0, repeated: 0 };
    for (const open of SUBJECTS) {
      const subject = await open();
      try {
        const counted = await countLoss(subject);
        say(`${subject.name}: ${counted.acknowledged} events acknowledged`);
        rows.push([subject.name, counted.acknowledged, counted.rolledBack, counted.lost, counted.repeated]);
        sum.lost += counted.lost;
        sum.repeated += counted.repeated;
      } finally {
        await subject.close();
      }
    }
    return { table: [['store', 'events', 'rolled back', 'lost', 'repeated'], ...rows], figures: sum };
  },
};
