import { expect, it } from 'vitest';
import { NO_STREAM, type EventStore } from '../port.js';
import { all, asStored, aStream, comparable, someEvent, someEvents } from './examples.contract.js';

const conflict = { name: 'EventStoreError', code: 'wrong-expected-revision' };
const tooLarge = { name: 'EventStoreError', code: 'append-too-large' };

export function promisesOfAppend(store: () => EventStore): void {
  it('answers with the number of the last event', async () => {
    const stream = aStream();
    expect((await store().append(stream, NO_STREAM, someEvents(3))).lastRevision).toBe(2n);
    expect((await store().append(stream, 2n, someEvents(1))).lastRevision).toBe(3n);
  });

  it('answers with cursors that grow', async () => {
    const first = await store().append(aStream(), NO_STREAM, someEvents(2));
    const second = await store().append(aStream(), NO_STREAM, someEvents(1));
    expect(store().compareCursors(first.cursor, second.cursor)).toBeLessThan(0);
    expect(store().compareCursors(second.cursor, first.cursor)).toBeGreaterThan(0);
    expect(store().compareCursors(second.cursor, second.cursor)).toBe(0);
  });

  it.each([
    ['a stream that does not exist, when it should', 0, 0n],
    ['a stream that exists, when it should not', 1, NO_STREAM],
    ['a stream that went on', 2, 0n],
    ['a stream that is not so far', 2, 5n],
  ])('refuses %s, and writes nothing', async (_case, held, expected) => {
    const stream = aStream();
    if (held > 0) await store().append(stream, NO_STREAM, someEvents(held));
    await expect(store().append(stream, expected, someEvents(2))).rejects.toMatchObject(conflict);
    expect(await all(store().readStream(stream))).toHaveLength(held);
  });

  it('lets exactly one of many writers at the same revision win', async () => {
    const stream = aStream();
    const tries = Array.from({ length: 8 }, () => someEvents(2));
    const outcomes = await Promise.allSettled(
      tries.map((events) => store().append(stream, NO_STREAM, events)),
    );
    const winners = tries.filter((_, i) => outcomes[i]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refusals.map(({ reason }): unknown => reason)).toEqual(
      refusals.map((): unknown => expect.objectContaining(conflict)),
    );
    expect(comparable(await all(store().readStream(stream)))).toEqual(asStored(stream, 0n, winners.flat()));
  });

  it('answers a repeated append as the first time, and writes it once', async () => {
    const stream = aStream();
    const events = someEvents(2);
    const first = await store().append(stream, NO_STREAM, events);
    await store().append(stream, 1n, someEvents(1));
    expect(await store().append(stream, NO_STREAM, events)).toEqual(first);
    expect(await all(store().readStream(stream))).toHaveLength(3);
  });

  it('takes one of several identical appends at once, and answers all alike', async () => {
    const stream = aStream();
    const events = someEvents(3);
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => store().append(stream, NO_STREAM, events)),
    );
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(comparable(await all(store().readStream(stream)))).toEqual(asStored(stream, 0n, events));
  });

  it('does not take other events at the same revision for a repetition', async () => {
    const stream = aStream();
    const [first, second] = [someEvent(), someEvent()];
    await store().append(stream, NO_STREAM, [first, second]);
    await expect(store().append(stream, NO_STREAM, [first, someEvent()])).rejects.toMatchObject(conflict);
    await expect(store().append(stream, NO_STREAM, [second, first])).rejects.toMatchObject(conflict);
  });

  it('keeps bytes as they are', async () => {
    const stream = aStream();
    const kept = ['{"10":1,"9":2}', '{"a":"\\u0000"}', '{"é":"🪸"}', Uint8Array.from([0, 255, 128, 0])].map(
      (bytes) => someEvent(bytes),
    );
    await store().append(stream, NO_STREAM, kept);
    expect(comparable(await all(store().readStream(stream)))).toEqual(asStored(stream, 0n, kept));
  });

  it('takes an event of 65,535 bytes, and none that is larger', async () => {
    const stream = aStream();
    const largest = someEvent(Buffer.alloc(65_535, 'x'));
    await store().append(stream, NO_STREAM, [largest]);
    expect(comparable(await all(store().readStream(stream)))).toEqual(asStored(stream, 0n, [largest]));
    const larger = someEvent(Buffer.alloc(65_536, 'x'));
    await expect(store().append(stream, 0n, [larger])).rejects.toMatchObject(tooLarge);
  });

  it('takes an append of 8 MiB, and none that is larger', async () => {
    const stream = aStream();
    const largest = (): ReturnType<typeof someEvent> => someEvent(Buffer.alloc(65_535, 'x'));
    const most = [...Array.from({ length: 128 }, largest), someEvent('x'.repeat(128))];
    await expect(store().append(stream, NO_STREAM, [...most, someEvent('x')])).rejects.toMatchObject(
      tooLarge,
    );
    expect(await all(store().readStream(stream))).toEqual([]);
    expect((await store().append(stream, NO_STREAM, most)).lastRevision).toBe(128n);
  });

  it('refuses what only a faulty program asks', async () => {
    const twice = someEvent();
    await expect(store().append('', NO_STREAM, someEvents(1))).rejects.toThrow(RangeError);
    await expect(store().append(aStream(), NO_STREAM, [])).rejects.toThrow(RangeError);
    await expect(store().append(aStream(), -2n, someEvents(1))).rejects.toThrow(RangeError);
    await expect(store().append(aStream(), NO_STREAM, [twice, twice])).rejects.toThrow(RangeError);
    await expect(store().append(aStream(), NO_STREAM, [{ ...someEvent(), id: 'x' }])).rejects.toThrow(
      RangeError,
    );
  });
}
