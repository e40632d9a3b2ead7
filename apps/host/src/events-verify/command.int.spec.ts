import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEvent, uuidv7, type DomainEvent, type JsonValue } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { exitCodeOf } from '../exit-code.js';
import { hostProgram } from '../program.js';
import { RIGHT_HISTORIES } from './testing/old-values.js';

let database: TestDatabase;
let store: PostgresEventStore;
let appended = 0;

beforeAll(async () => {
  database = await testDatabase();
  store = new PostgresEventStore(database.url('control'));
  for (const [stream, events] of Object.entries(RIGHT_HISTORIES)) await append(stream, 0, ...events);
});
afterAll(async () => {
  await store?.close();
});

async function append(stream: string, first: number, ...events: readonly DomainEvent[]): Promise<void> {
  const envelopes = events.map(({ type, data }, i) => ({
    ...byPerson('Ana', ['author']),
    id: uuidv7(),
    type,
    v: 1,
    stream,
    streamRevision: String(first + i),
    part: [i + 1, events.length] as const,
    zone: 'UTC',
    offset: '+00:00',
    data: data as JsonValue,
  }));
  await store.append(
    stream,
    BigInt(first - 1),
    envelopes.map((each) => ({ id: each.id, type: each.type, bytes: encodeEvent(each) })),
  );
  appended += events.length;
}

async function verify(): Promise<readonly string[]> {
  const lines: string[] = [];
  const program = await hostProgram('events', { DATABASE_URL: database.ownerUrl }, (line) =>
    lines.push(line),
  );
  try {
    await program.parseAsync(['events', 'verify'], { from: 'user' });
  } catch (error) {
    return [...lines, `${(error as Error).message} [${exitCodeOf(error)}]`];
  }
  return lines;
}

it('R03: events verify replays the history, and names position and field of an old value that was none', async () => {
  expect(await verify()).toEqual([
    expect.stringMatching(new RegExp(`^${appended} events follow from one another; [1-9]\\d+ of them state`)),
  ]);
  const certificate = { old: { subject: 'CN=never.was' } };
  await append('certificate', 2, { type: 'CertificateRemoved', data: certificate });
  const what = 'data.old says {"subject":"CN=never.was"}, and the events before it lead to null';
  expect(await verify()).toEqual([
    `position ${appended - 1}: CertificateRemoved in certificate: ${what}`,
    expect.stringMatching(
      new RegExp(
        `^CertificateRemoved at position ${appended - 1} data\\.old says .* lead to null\\. Events are never mended.*\\[6\\]$`,
      ),
    ),
  ]);
});
