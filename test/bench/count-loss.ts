import { randomUUID } from 'node:crypto';
import { NO_STREAM, type EventStore, type EventToAppend } from '#event-store/port';

export interface LossSubject {
  readonly name: string;
  readonly store: EventStore;
  /** Begins to append these events where no stream is, and undoes it: nobody may ever see them. */
  rollBack(stream: string, events: readonly EventToAppend[]): Promise<void>;
  close(): Promise<void>;
}

export interface Loss {
  readonly acknowledged: number;
  readonly rolledBack: number;
  /** Acknowledged, and not delivered to the subscriber. */
  readonly lost: number;
  /** Delivered twice, or never acknowledged. */
  readonly repeated: number;
}

/** How long the stores wait at most between two looks for news. */
const POLL_MS = 1_000;
const WRITERS = 8;
const APPENDS = 500;
/** 4 %. */
const ROLL_BACK_EVERY = 25;
/** How many events the appends have, in turn. */
const LENGTHS = [1, 3, 1, 40, 2, 1, 7, 150];

function events(count: number): EventToAppend[] {
  return Array.from({ length: count }, (_, i) => {
    const id = randomUUID();
    return {
      id,
      type: 'Written',
      bytes: Buffer.from(JSON.stringify({ id, text: 'x'.repeat((i * 97) % 900) })),
    };
  });
}

/** Compares what a subscriber that listens from the beginning was given with what the writers were told. */
export async function countLoss({ store, rollBack }: LossSubject): Promise<Loss> {
  const acknowledged = new Set<string>();
  const delivered: string[] = [];
  let rolledBack = 0;
  let failed: unknown;
  const following = store
    .subscribeAll(null, async (batch) => {
      for (const append of batch) for (const event of append.events) delivered.push(event.id);
    })
    .subscribe({ error: (error: unknown) => (failed = error) });
  try {
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let n = 0; n < APPENDS; n++) {
          const some = events(LENGTHS[(n + writer) % LENGTHS.length] ?? 1);
          const stream = `loss/${randomUUID()}`;
          if ((n + writer * 3) % ROLL_BACK_EVERY === 0) {
            await rollBack(stream, some);
            rolledBack += 1;
          } else {
            await store.append(stream, NO_STREAM, some);
            for (const { id } of some) acknowledged.add(id);
          }
        }
      }),
    );
    await delivery(
      store,
      () => delivered.length,
      () => failed,
    );
    // What comes once more would come with the next look.
    await new Promise((resolve) => setTimeout(resolve, 3 * POLL_MS));
  } finally {
    following.unsubscribe();
  }
  const seen = new Set(delivered);
  return {
    acknowledged: acknowledged.size,
    rolledBack,
    lost: [...acknowledged].filter((id) => !seen.has(id)).length,
    repeated: delivered.length - seen.size + [...seen].filter((id) => !acknowledged.has(id)).length,
  };
}

/** Until the subscriber has as many events as are stored, or has had no news for half a minute. */
async function delivery(store: EventStore, count: () => number, failed: () => unknown): Promise<void> {
  const patience = 30_000;
  let [known, since] = [count(), performance.now()];
  let total = 0;
  for await (const append of store.readAll(null)) total += append.events.length;
  while (known < total && performance.now() - since < patience) {
    const error = failed();
    if (error) throw error instanceof Error ? error : new Error('the subscription ended');
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (count() !== known) [known, since] = [count(), performance.now()];
  }
}
