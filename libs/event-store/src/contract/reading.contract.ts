import { expect, it } from 'vitest';
import { NO_STREAM, type EventStore } from '../port.js';
import { all, asStored, aStream, comparable, end, ids, someEvents } from './examples.contract.js';

export function promisesOfReading(store: () => EventStore): void {
  it('finds nothing in a stream that does not exist', async () => {
    expect(await all(store().readStream(aStream()))).toEqual([]);
  });

  it('reads a stream from the revision asked for', async () => {
    const stream = aStream();
    const events = someEvents(5);
    await store().append(stream, NO_STREAM, events);
    expect(comparable(await all(store().readStream(stream, 2n)))).toEqual(
      asStored(stream, 2n, events.slice(2)),
    );
    expect(await all(store().readStream(stream, 5n))).toEqual([]);
  });

  it('reads long streams, and appends of many events, whole', async () => {
    const stream = aStream();
    const before = await end(store());
    const events = someEvents(1_300);
    const { cursor } = await store().append(stream, NO_STREAM, events);
    const read = await all(store().readAll(before));
    expect(read.map((append) => append.cursor)).toEqual([cursor]);
    expect(ids(read)).toEqual(events.map((event) => event.id));
    expect(comparable(await all(store().readStream(stream)))).toEqual(asStored(stream, 0n, events));
  });

  it('reads all appends in order, each whole, with the cursor that append answered', async () => {
    const before = await end(store());
    const appended = [];
    for (let size = 1; size <= 30; size++) {
      const [stream, events] = [aStream(), someEvents(size % 7 || 40)];
      const { cursor } = await store().append(stream, NO_STREAM, events);
      appended.push({ stream, cursor, events: asStored(stream, 0n, events) });
    }
    const read = await all(store().readAll(before));
    expect(read.map((append) => ({ ...append, events: comparable(append.events) }))).toEqual(appended);
  });

  it('goes on behind any cursor', async () => {
    const before = await end(store());
    for (let n = 0; n < 5; n++) await store().append(aStream(), NO_STREAM, someEvents(n + 1));
    const whole = await all(store().readAll(before));
    for (const [i, append] of whole.entries()) {
      expect(ids(await all(store().readAll(append.cursor)))).toEqual(ids(whole.slice(i + 1)));
    }
  });

  it('takes no cursor that it did not give', async () => {
    await expect(all(store().readAll('sideways'))).rejects.toMatchObject({ code: 'malformed-cursor' });
    await expect(all(store().readAll(''))).rejects.toMatchObject({ code: 'malformed-cursor' });
    expect(() => store().compareCursors('sideways', '1')).toThrow(
      expect.objectContaining({ code: 'malformed-cursor' }),
    );
  });
}
