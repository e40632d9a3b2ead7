import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { sync, type SyncEvent, type SyncOutcome } from './sync.js';

const { given } = specify(sync);
const context = byWorker('sync/1');
const request = { type: 'RequestSync', snaps: null, context: byPerson('Ana', ['author']) } as const;
const start = { type: 'StartSync', total: 25, context } as const;
const progress = (done: number) => ({ type: 'ReportSyncProgress', done, context }) as const;
const outcome: SyncOutcome = { done: 25, changed: 1, failures: [], moreFailures: 0, notAsked: 0 };
const complete = { type: 'CompleteSync', outcome, context } as const;
const requested: SyncEvent = { type: 'SyncRequested', data: { snaps: null } };
const started: SyncEvent = { type: 'SyncStarted', data: { total: 25 } };
const progressed = (done: number): SyncEvent => ({ type: 'SyncProgressed', data: { done } });
const completed: SyncEvent = { type: 'SyncCompleted', data: outcome };

describe('a sync', () => {
  it('is asked for once', () => {
    given().when(request).then(requested);
    given(requested).when(request).thenNothing();
  });
  it('is asked for by an author or an operator', () =>
    given()
      .when({ ...request, context: byPerson('Ben', ['approver']) })
      .thenRefused('not-an-operator'));
  it('starts once', () => {
    given(requested).when(start).then(started);
    given(requested, started).when(start).thenNothing();
    given().when(start).thenNothing();
  });
  it('goes on in tenths', () => {
    given(requested, started).when(progress(2)).thenNothing();
    given(requested, started).when(progress(3)).then(progressed(3));
    given(requested, started, progressed(3)).when(progress(4)).thenNothing();
    given(requested, started, progressed(3)).when(progress(5)).then(progressed(5));
  });
  it('is begun again after a crash without going back', () =>
    given(requested, started, progressed(20)).when(progress(3)).thenNothing());
  it('is done once', () => {
    given(requested, started, progressed(25)).when(complete).then(completed);
    given(requested, started, completed).when(complete).thenNothing();
    given(requested, started, completed).when(progress(25)).thenNothing();
    given().when(complete).thenRefused('no-such-sync');
  });
  it('of many snaps has ten steps', () => {
    let state = fold(sync, [requested, { type: 'SyncStarted', data: { total: 5_000 } }]);
    let events = 0;
    for (let done = 1; done <= 5_000; done++) {
      for (const event of sync.decide(progress(done), state)) {
        events++;
        state = sync.evolve(state, event);
      }
    }
    expect(events).toBe(10);
  });
});
