import { firstValueFrom, lastValueFrom } from 'rxjs';
import { expect, it, vi } from 'vitest';
import { NO_STREAM, type EventStore, type StoredAppend } from '../port.js';
import { all, aStream, consumed, cursors, end, ids, someEvents } from './examples.contract.js';

const WRITERS = 4;
const EACH = 25;

/** Several writers, each with streams of its own and one that all fight for. */
async function writeAtOnce(store: EventStore): Promise<void> {
  const contested = aStream();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let n = 0; n < EACH; n++) {
        await store.append(aStream(), NO_STREAM, someEvents((n % 3) + 1));
        const newest = (await all(store.readStream(contested))).length - 1;
        await store.append(contested, BigInt(newest), someEvents(2)).catch(() => undefined);
      }
    }),
  );
}

export function promisesOfSubscriptions(store: () => EventStore): void {
  it('delivers what was there, and then what comes', async () => {
    const before = await end(store());
    const first = someEvents(2);
    await store().append(aStream(), NO_STREAM, first);
    const both = consumed(store(), before, 2);
    const second = someEvents(3);
    await store().append(aStream(), NO_STREAM, second);
    expect(ids(await both)).toEqual([...first, ...second].map((event) => event.id));
  });

  it('emits the cursor of the last append that was consumed', async () => {
    const before = await end(store());
    const { cursor } = await store().append(aStream(), NO_STREAM, someEvents(2));
    expect(await cursors(store(), before, 1)).toEqual([cursor]);
  });

  it('skips and repeats nothing while others write, and agrees with readAll', async () => {
    const before = await end(store());
    const got: StoredAppend[] = [];
    const following = store()
      .subscribeAll(before, async (batch) => void got.push(...batch))
      .subscribe();
    await writeAtOnce(store());
    const written = await all(store().readAll(before));
    await vi.waitFor(() => expect(got.length).toBeGreaterThanOrEqual(written.length), { timeout: 20_000 });
    following.unsubscribe();
    expect(got).toEqual(written);
    expect(written.length).toBeGreaterThanOrEqual(WRITERS * EACH);
  });

  it('loses and repeats nothing when subscribed again from the last emitted cursor', async () => {
    const before = await end(store());
    const writing = writeAtOnce(store());
    const got: StoredAppend[] = [];
    let cursor = before;
    for (let round = 0; round < 10; round++) {
      await store().append(aStream(), NO_STREAM, someEvents(1));
      const [emitted] = await cursors(store(), cursor, 1, async (batch) => void got.push(...batch));
      cursor = emitted ?? cursor;
    }
    await writing;
    const written = await all(store().readAll(before));
    got.push(...(await all(store().readAll(cursor))));
    expect(ids(got)).toEqual(ids(written));
  });

  it('waits for consume before it goes on', async () => {
    const before = await end(store());
    await store().append(aStream(), NO_STREAM, someEvents(1));
    const calls: number[] = [];
    let running = 0;
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const emitted: string[] = [];
    const following = store()
      .subscribeAll(before, async (batch) => {
        calls.push(batch.length);
        expect(++running).toBe(1);
        await held;
        running--;
      })
      .subscribe((cursor) => emitted.push(cursor));
    await vi.waitFor(() => expect(calls).toEqual([1]));
    for (let n = 0; n < 3; n++) await store().append(aStream(), NO_STREAM, someEvents(1));
    expect(await consumed(store(), before, 4)).toHaveLength(4);
    expect(calls).toEqual([1]);
    expect(emitted).toEqual([]);
    letGo();
    await vi.waitFor(() => expect(calls.reduce((sum, size) => sum + size)).toBe(4), { timeout: 10_000 });
    following.unsubscribe();
  });

  it('ends with the error of a consume that rejects, without emitting the cursor', async () => {
    const before = await end(store());
    await store().append(aStream(), NO_STREAM, someEvents(1));
    const emitted: string[] = [];
    const failing = store().subscribeAll(before, () => Promise.reject(new Error('the disk is full')));
    await expect(
      new Promise((resolve, reject) =>
        failing.subscribe({ next: (at) => emitted.push(at), error: reject, complete: () => resolve(0) }),
      ),
    ).rejects.toThrow('the disk is full');
    expect(emitted).toEqual([]);
  });

  it('stops when unsubscribed', async () => {
    const before = await end(store());
    const got: StoredAppend[] = [];
    const { cursor } = await store().append(aStream(), NO_STREAM, someEvents(1));
    await firstValueFrom(store().subscribeAll(before, async (batch) => void got.push(...batch)));
    await store().append(aStream(), NO_STREAM, someEvents(1));
    // Another subscription has seen it by now; the first one had its chance.
    expect(await consumed(store(), cursor, 1)).toHaveLength(1);
    expect(got).toHaveLength(1);
  });

  it('takes no cursor that it did not give', async () => {
    const nowhere = store().subscribeAll('sideways', async () => undefined);
    await expect(lastValueFrom(nowhere)).rejects.toMatchObject({ code: 'malformed-cursor' });
  });
}
