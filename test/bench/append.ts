import { randomUUID } from 'node:crypto';
import { encodeEvent, uuidv7, type JsonValue } from '#kernel';
import { EventStoreError } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { BenchDatabase } from './bench-database.js';
import { median, rounded, type Bench, type Measured } from './bench.js';
import { openEmmett } from './emmett.js';

const WRITERS = 8;
const ROUNDS = 9;
const ROUND_MS = 2_000;
/** Every so manieth append of a writer is at a revision that is past, and must be refused for itself. */
const CONFLICT_EVERY = 50;

/** One event to a stream, which must be at `revision`; whether it was. */
export type AppendOne = (
  stream: string,
  revision: bigint,
  data: JsonValue,
) => Promise<'appended' | 'conflict'>;

export interface Contender {
  readonly append: AppendOne;
  close(): Promise<void>;
}

/** What a change request's event holds, more or less. */
function someData(n: number): JsonValue {
  return {
    target: { format: 'snap', subject: 'buPKUD3TKqCOgLEjjHx5kSiCpIs5cMuQ', channel: 'latest/stable' },
    architecture: 'amd64',
    old: { version: String(n) },
    new: { version: String(n + 1) },
    request: `change-request/CR-2026-${n}`,
  };
}

export function openHoldfast(url: string): Contender {
  const store = new PostgresEventStore(url);
  return {
    close: () => store.close(),
    async append(stream, revision, data) {
      const id = uuidv7();
      const bytes = encodeEvent({
        id,
        type: 'OverrideSet',
        v: 1,
        stream,
        streamRevision: String(revision + 1n),
        part: [1, 1],
        at: new Date().toISOString(),
        zone: 'Etc/UTC',
        offset: '+00:00',
        actor: { kind: 'service', id: 'bench', for: 'a measurement' },
        authorisedBy: [],
        reason: { code: 'bench', text: 'to see how fast it is' },
        cause: id,
        correlation: id,
        data,
      });
      try {
        await store.append(stream, revision, [{ id, type: 'OverrideSet', bytes }]);
        return 'appended';
      } catch (error) {
        if (error instanceof EventStoreError && error.code === 'wrong-expected-revision') return 'conflict';
        throw error;
      }
    },
  };
}

/** Appends a second, by writers that each wait for their answer before they go on, each with a stream of its own. */
async function round({ append }: Contender, milliseconds: number): Promise<number> {
  const began = performance.now();
  const end = began + milliseconds;
  const counts = await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      const stream = `bench/${randomUUID()}`;
      let [revision, count] = [-1n, 0];
      while (performance.now() < end) {
        const past = count % CONFLICT_EVERY === CONFLICT_EVERY - 1;
        const outcome = await append(stream, past ? revision - 1n : revision, someData(count));
        if (outcome !== (past ? 'conflict' : 'appended')) throw new Error(`${outcome} at ${revision}`);
        if (!past) revision += 1n;
        count += 1;
      }
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count) / ((performance.now() - began) / 1_000);
}

async function measure(ours: Contender, theirs: Contender, say: (line: string) => void): Promise<Measured> {
  for (const contender of [ours, theirs]) await round(contender, ROUND_MS);
  const rounds: { readonly holdfast: number; readonly emmett: number }[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    // Who goes first changes, so that what the other leaves to be written back burdens both alike.
    const first = n % 2 === 0 ? ours : theirs;
    const a = await round(first, ROUND_MS);
    const b = await round(first === ours ? theirs : ours, ROUND_MS);
    const [holdfast, emmett] = first === ours ? [a, b] : [b, a];
    rounds.push({ holdfast, emmett });
    say(`round ${n + 1}: ${Math.round(holdfast)} and ${Math.round(emmett)} appends a second`);
  }
  const ratios = rounds.map(({ holdfast, emmett }) => holdfast / emmett);
  const [holdfast, emmett] = [
    median(rounds.map((each) => each.holdfast)),
    median(rounds.map((each) => each.emmett)),
  ];
  const ratio = rounded(median(ratios));
  return {
    table: [
      ['store', 'appends/s (median)', 'ratio (median of pairs)', 'from', 'to'],
      [
        'Holdfast on PostgreSQL',
        Math.round(holdfast),
        ratio,
        rounded(Math.min(...ratios)),
        rounded(Math.max(...ratios)),
      ],
      ['emmett-postgresql 0.42.0', Math.round(emmett), 1, '', ''],
    ],
    figures: { ratio, holdfast: Math.round(holdfast), emmett: Math.round(emmett) },
  };
}

export const append: Bench = {
  name: 'append',
  about: `${WRITERS} writers, one event an append, fsync on, 1 in ${CONFLICT_EVERY} a conflict: against emmett-postgresql 0.42.0 on the same server`,
  marks: [{ figure: 'ratio', atLeast: 2 }],
  async run(say) {
    const database = await BenchDatabase.start();
    const opened: Contender[] = [];
    try {
      const ours = openHoldfast(database.url('control'));
      opened.push(ours);
      const theirs = await openEmmett(await database.another('emmett'));
      opened.push(theirs);
      return await measure(ours, theirs, say);
    } finally {
      for (const contender of opened) await contender.close();
      await database.stop();
    }
  },
};
