import { describe, expect, it } from 'vitest';
import { encodeEvent, type EventEnvelope } from '#kernel';
import { event } from '#apps/projector/fixtures/history';
import { WholeAppends, type HistoricAppend } from './whole-appends.js';

function read(...events: readonly EventEnvelope[]): HistoricAppend[] {
  const appends = new WholeAppends();
  const whole = events
    .map((each) => appends.take(encodeEvent(each)))
    .filter((append) => append !== undefined);
  appends.finish();
  return whole;
}

function of(stream: string, revision: number, part: readonly [number, number]): EventEnvelope {
  return event(stream, revision, 'Noted', {}, part);
}

describe('a history, read from its bytes', () => {
  it('falls into the appends that it was written by', () => {
    const whole = read(
      of('a', 0, [1, 1]),
      of('b', 0, [1, 2]),
      of('b', 1, [2, 2]),
      of('a', 1, [1, 1]),
      of('b', 2, [1, 1]),
    );
    expect(
      whole.map(({ first, stream, expected, events }) => [first, stream, expected, events.length]),
    ).toEqual([
      [0n, 'a', -1n, 1],
      [1n, 'b', -1n, 2],
      [3n, 'a', 0n, 1],
      [4n, 'b', 1n, 1],
    ]);
  });

  it.each([
    ['begins within an append', [of('a', 0, [2, 2])], 'position 0'],
    ['ends within an append', [of('a', 0, [1, 2])], 'position 1 is missing'],
    ['lacks a part', [of('a', 0, [1, 3]), of('a', 1, [3, 3])], 'position 1'],
    ['changes the stream within an append', [of('a', 0, [1, 2]), of('b', 0, [2, 2])], 'position 1'],
    ['changes the number of parts', [of('a', 0, [1, 2]), of('a', 1, [2, 3])], 'position 1'],
    ['leaves out a number of a stream', [of('a', 0, [1, 1]), of('a', 2, [1, 1])], 'position 1'],
    ['says a number twice', [of('a', 0, [1, 1]), of('a', 0, [1, 1])], 'position 1'],
  ])('is refused where it %s', (_how, events, where) => {
    expect(() => read(...events)).toThrow(expect.objectContaining({ code: 'history-differs' }));
    expect(() => read(...events)).toThrow(where);
  });

  it('names the position of what is no event', () => {
    expect(() => new WholeAppends().take(Buffer.from('{}'))).toThrow(
      'the event at position 0 cannot be read',
    );
  });
});
