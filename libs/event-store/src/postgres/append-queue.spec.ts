import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EventStoreError, NO_STREAM, type Appended } from '../port.js';
import { AppendQueue, CALL_LIMITS } from './append-queue.js';
import type { Append } from './appending.js';

function append(stream: string, events = 1, bytes = 2): Append {
  return {
    stream,
    expected: NO_STREAM,
    events: Array.from({ length: events }, () => ({
      id: randomUUID(),
      type: 'Written',
      bytes: Buffer.alloc(bytes),
    })),
  };
}

function appended({ stream }: Append): Appended {
  return { cursor: stream, lastRevision: 0n };
}

/** A server that answers a call when it is told to. */
class Server {
  readonly calls: string[][] = [];
  private readonly answers: (() => void)[] = [];

  readonly send = (appends: readonly Append[]): Promise<Appended[]> => {
    this.calls.push(appends.map(({ stream }) => stream));
    return new Promise((resolve) => this.answers.push(() => resolve(appends.map(appended))));
  };

  /** Answers the oldest call, and waits until whatever that sets off is done. */
  async answer(): Promise<void> {
    this.answers.shift()?.();
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise(setImmediate);
}

describe('appends that wait', () => {
  it('go as one call, in their order, while those that are ready at once do not wait for each other', async () => {
    const server = new Server();
    const queue = new AppendQueue(server.send, 60_000);
    const first = [queue.append(append('a')), queue.append(append('b'))];
    await turns();
    expect(server.calls).toEqual([['a', 'b']]);
    const later = ['c', 'd', 'e'].map((stream) => queue.append(append(stream)));
    await turns();
    expect(server.calls).toHaveLength(1);
    await server.answer();
    expect(server.calls).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    await server.answer();
    expect((await Promise.all([...first, ...later])).map(({ cursor }) => cursor).join('')).toBe('abcde');
    await queue.drained();
  });

  it('are joined by the next appends of those who were just answered', async () => {
    const server = new Server();
    const queue = new AppendQueue(server.send, 60_000);
    const writer = (async () => {
      await queue.append(append('a1'));
      await queue.append(append('a2'));
    })();
    await turns();
    const other = queue.append(append('b1'));
    await server.answer();
    expect(server.calls).toEqual([['a1'], ['b1', 'a2']]);
    await server.answer();
    await Promise.all([writer, other]);
  });

  it.each([
    ['events', [CALL_LIMITS.events - 1, 1, 1], 2, [2, 2]],
    ['bytes', [1, 1, 1], CALL_LIMITS.bytes / 2, [2, 2]],
    ['what a single append has, though it is more', [CALL_LIMITS.events + 1, 1, 1], 2, [1, 3]],
  ])('are bounded by %s', async (_what, sizes, bytes, calls) => {
    const server = new Server();
    const queue = new AppendQueue(server.send, 60_000);
    const all = sizes.map((size, i) => queue.append(append(`s${i}`, size, bytes)));
    all.push(queue.append(append('last')));
    await turns();
    await server.answer();
    await server.answer();
    await Promise.all(all);
    expect(server.calls.map((call) => call.length)).toEqual(calls);
  });

  it('each have the error of a call whose outcome is unknown, and none is sent again', async () => {
    const unknown = new EventStoreError('outcome-unknown', 'who knows');
    let calls = 0;
    const queue = new AppendQueue(() => {
      calls += 1;
      return Promise.reject(unknown);
    }, 60_000);
    const outcomes = await Promise.allSettled([queue.append(append('a')), queue.append(append('b'))]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as unknown))).toEqual([
      unknown,
      unknown,
    ]);
    expect(calls).toBe(1);
  });

  it('do not suffer for one that the server refuses', async () => {
    const refusal = new Error('invalid byte sequence');
    const queue = new AppendQueue(
      (appends) =>
        appends.some(({ stream }) => stream === 'bad')
          ? Promise.reject(refusal)
          : Promise.resolve(appends.map(appended)),
      60_000,
    );
    const [bad, good] = [queue.append(append('bad')), queue.append(append('good'))];
    await expect(bad).rejects.toBe(refusal);
    expect((await good).cursor).toBe('good');
  });

  it('are given up when their turn does not come, and are not sent', async () => {
    const server = new Server();
    const queue = new AppendQueue(server.send, -1);
    await expect(queue.append(append('a'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.calls).toEqual([]);
  });
});
