import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeEvent, uuidv7, type EventEnvelope } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { NO_STREAM, type Cursor } from '#event-store/port';
import { ReactorRunner, type Reactor, type ReactorCheckpoints } from './reactor.js';

class MemoryCheckpoints implements ReactorCheckpoints {
  readonly saved: Cursor[] = [];
  loads = 0;

  /** @param unreachable how often loading fails before it works */
  constructor(private readonly unreachable = 0) {}

  load(): Promise<Cursor | null> {
    if (++this.loads <= this.unreachable) return Promise.reject(new Error('no database'));
    return Promise.resolve(this.saved.at(-1) ?? null);
  }
  save(_reactor: string, cursor: Cursor): Promise<void> {
    this.saved.push(cursor);
    return Promise.resolve();
  }
}

const store = new InMemoryEventStore();
let streams = 0;

/** Appends events of these types to a stream of its own. */
async function append(...types: string[]): Promise<Cursor> {
  const stream = `test/${++streams}`;
  const events = types.map((type, i) => {
    const id = uuidv7();
    const envelope: EventEnvelope = {
      id,
      type,
      v: 1,
      stream,
      streamRevision: String(i),
      part: [i + 1, types.length],
      at: '2026-11-23T12:00:00.000Z',
      zone: 'Etc/UTC',
      offset: '+00:00',
      actor: { kind: 'service', id: 'test', for: 'a test' },
      authorisedBy: [],
      reason: { code: 'test', text: 'to see what reactors do' },
      cause: id,
      correlation: id,
      data: {},
    };
    return { id, type, bytes: encodeEvent(envelope) };
  });
  return (await store.append(stream, NO_STREAM, events)).cursor;
}

const runners: ReactorRunner[] = [];
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop();
});

function run(
  handle: Reactor['handle'],
  checkpoints: ReactorCheckpoints,
  errors: unknown[] = [],
): ReactorRunner {
  const runner = new ReactorRunner({ name: 'tested', handle }, store, checkpoints, {
    onError: (error) => errors.push(error),
    pauseMs: () => 1,
  });
  runners.push(runner);
  runner.start();
  return runner;
}

function recording(seen: string[]): Reactor['handle'] {
  return ({ envelope }) => Promise.resolve(void seen.push(envelope.type));
}

describe('a reactor', () => {
  it('sees every event in order, those before it started and those after', async () => {
    const checkpoints = new MemoryCheckpoints();
    const first = await append('A1');
    await checkpoints.save('tested', first);
    await append('B1', 'B2');
    const seen: string[] = [];
    run(recording(seen), checkpoints);
    await vi.waitFor(() => expect(seen).toEqual(['B1', 'B2']));
    const last = await append('C1');
    await vi.waitFor(() => expect(checkpoints.saved.at(-1)).toBe(last));
    expect(seen).toEqual(['B1', 'B2', 'C1']);
  });

  it('goes on where it was, after a stop', async () => {
    const checkpoints = new MemoryCheckpoints();
    const before = await append('D1');
    const runner = run(recording([]), checkpoints);
    await vi.waitFor(() => expect(checkpoints.saved.at(-1)).toBe(before));
    await runner.stop();
    await append('E1');
    const seen: string[] = [];
    run(recording(seen), checkpoints);
    await vi.waitFor(() => expect(seen).toEqual(['E1']));
  });

  it('is given again what it failed at, and nothing that it had handled', async () => {
    const checkpoints = new MemoryCheckpoints();
    await checkpoints.save('tested', await append('F0'));
    await append('F1');
    await append('F2');
    const seen: string[] = [];
    const errors: unknown[] = [];
    const failure = new Error('not yet');
    run(
      ({ envelope }) => {
        seen.push(envelope.type);
        return errors.length < 2 && envelope.type === 'F2' ? Promise.reject(failure) : Promise.resolve();
      },
      checkpoints,
      errors,
    );
    const last = await append('F3');
    await vi.waitFor(() => expect(checkpoints.saved.at(-1)).toBe(last));
    expect(seen).toEqual(['F1', 'F2', 'F2', 'F2', 'F3']);
    expect(errors).toEqual([failure, failure]);
  });

  it('tries again when its checkpoints cannot be reached', async () => {
    const checkpoints = new MemoryCheckpoints(1);
    await checkpoints.save('tested', await append('G0'));
    await append('G1');
    const seen: string[] = [];
    const errors: unknown[] = [];
    run(recording(seen), checkpoints, errors);
    await vi.waitFor(() => expect(seen).toEqual(['G1']));
    expect(checkpoints.loads).toBe(2);
    expect(errors).toHaveLength(1);
  });

  it('finishes what it is handling before it stops, and starts nothing else', async () => {
    const checkpoints = new MemoryCheckpoints();
    await checkpoints.save('tested', await append('H0'));
    const first = await append('H1');
    await append('H2');
    const seen: string[] = [];
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const runner = run(async ({ envelope }) => {
      seen.push(envelope.type);
      await finished;
    }, checkpoints);
    await vi.waitFor(() => expect(seen).toEqual(['H1']));
    const stopped = runner.stop();
    finish();
    await stopped;
    expect(seen).toEqual(['H1']);
    expect(checkpoints.saved.at(-1)).toBe(first);
  });
});
