import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StreamWriter } from '#platform/decide-and-append';
import { StoppedClock } from '#kernel';
import { upstreamOffers } from '#apps/worker/src/upstream-offers';
import { upstreamSnap, upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import { heldIn, holdsStream } from '#release-control/domain/holds/holds';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { lookForOverdueHolds } from '#release-control/holds/look-for-overdue-holds';
import { byWorker } from '#test/support/decider-specification';
import { ControlUnderTest, REASON } from '#test/support/control-under-test';
import { Stage } from './testing/stage.js';

let stage: Stage;
let snap: string;
let snapId: string;
beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  snap = await stage.held();
  await stage.projector.catchUp();
  const { state } = await stage.control.adapters.streams.load(releasePolicy, releasePolicyStream('default'));
  const [held] = heldIn(state);
  snapId = held?.target.subject ?? '';
  await observe('2026-11-25T00:00:00.000Z', 1);
  await observe('2026-12-01T00:00:00.000Z', 2);
});
afterAll(() => stage.end());

/** The worker looks at upstream. */
async function observe(at: string, revision: number): Promise<void> {
  const stream = upstreamSnapStream(snapId);
  await stage.control.adapters.streams.decideAndAppend(upstreamSnap, stream, {
    type: 'ObserveSnap',
    observation: {
      snapId,
      name: snap,
      architectures: ['amd64'],
      releases: [
        {
          channel: 'latest/stable',
          architecture: 'amd64',
          revision,
          version: `${revision}.0`,
          releasedAt: at,
        },
      ],
      revisions: [],
      publisher: 'acme',
      declaration: { revision: 0, sha256: 'a'.repeat(64), revoked: false },
      signingKeys: ['key'],
    },
    context: byWorker(stream, { at }),
  });
}

/** A worker that was started anew looks. */
async function look(at: string): Promise<readonly [types: readonly string[], waiting: number]> {
  const { store } = stage.control.adapters;
  const { events, waiting } = await lookForOverdueHolds({
    writer: new StreamWriter(store, 'Etc/UTC'),
    clock: new StoppedClock(at),
    offers: upstreamOffers(store),
    afterDays: 30,
  });
  return [events.map(({ type }) => type), waiting];
}

const ask = async (login: string) =>
  (await stage.control.ask('GET', '/v1/overdue-holds', { token: stage.token(login) })).json['holds'];
const listed = async () =>
  (await stage.control.ask('GET', '/v1/holds', { token: stage.token('ana') })).json['holds'];
const evaluate = (login: string, body: object) =>
  stage.control.ask('POST', '/v1/holds/evaluations', {
    token: stage.token(login),
    body: {
      ring: 'default',
      snap,
      seen: ['2'],
      mitigation: 'the service is switched off here',
      until: '2027-03-31',
      reason: REASON,
      ...body,
    },
  });

describe('R37: a hold that is older than upstream for longer than the site lets one be', () => {
  it('raises an event once, whoever looks and however often, and waits to be evaluated', async () => {
    expect(await look('2026-12-30T23:59:59.000Z')).toEqual([[], 0]);
    expect(await ask('cyd')).toEqual([]);
    expect(await look('2026-12-31T00:00:00.000Z')).toEqual([['HoldOverdueForReview'], 1]);
    expect(await look('2027-01-15T00:00:00.000Z')).toEqual([[], 1]);
    const waiting = {
      upstream: '2',
      since: '2026-12-01T00:00:00.000Z',
      at: '2026-12-31T00:00:00.000Z',
      days: 30,
    };
    expect(await listed()).toMatchObject([{ name: snap, review: waiting, evaluation: null }]);
    const place = {
      ring: 'default',
      name: snap,
      channel: 'latest/stable',
      architecture: 'amd64',
      version: '1',
    };
    expect(await ask('cyd')).toEqual([{ ...place, ...waiting, asksYou: true }]);
    expect(await ask('olga')).toEqual([{ ...place, ...waiting, asksYou: false }]);
  });

  it.each([
    ['olga', {}, 'hold-terms-need-a-signer'],
    ['cyd', { until: '2020-01-01' }, 'wrong-hold-terms'],
    ['cyd', { until: '2029-01-01' }, 'wrong-hold-terms'],
    ['cyd', { until: '2027-02-30' }, 'invalid-request'],
    ['cyd', { until: 'soon' }, 'invalid-request'],
    ['cyd', { mitigation: 'none' }, 'invalid-request'],
    ['cyd', { seen: undefined }, 'invalid-request'],
    ['cyd', { seen: [] }, 'invalid-request'],
    ['cyd', { seen: ['1'] }, 'upstream-moved'],
    ['cyd', { snap: 'not-held' }, 'no-such-hold'],
    ['cyd', { ring: 'gone' }, 'no-such-ring'],
  ])('is not evaluated by %s with %j: %s', async (login, body, code) => {
    expect((await evaluate(login, body)).json).toMatchObject({ code });
  });

  it('is evaluated by who has seen what upstream has by now, which is in the event', async () => {
    await observe('2027-01-20T00:00:00.000Z', 3);
    const stale = await evaluate('cyd', { seen: ['2'] });
    expect(stale).toMatchObject({ status: 409, json: { code: 'upstream-moved' } });
    expect(stale.json['detail']).toContain(`upstream has 3 of ${snap} on latest/stable, amd64`);
    expect(await ask('cyd')).toMatchObject([{ upstream: '2' }]);
  });

  it('stays once somebody who signs has evaluated it, and is overdue again after that time', async () => {
    expect((await evaluate('cyd', { seen: ['3'] })).status).toBe(200);
    expect(await ask('cyd')).toEqual([]);
    const evaluation = {
      upstream: '3',
      mitigation: 'the service is switched off here',
      until: '2027-03-31T00:00:00.000Z',
    };
    expect(await listed()).toMatchObject([{ review: null, evaluation }]);
    expect(await look('2027-03-30T00:00:00.000Z')).toEqual([[], 0]);
    expect(await look('2027-03-31T00:00:00.000Z')).toEqual([['HoldOverdueForReview'], 1]);
    const history = await stage.control.history(holdsStream('default'));
    expect(history.map(({ type, reason }) => [type, reason.code])).toEqual([
      ['HoldOverdueForReview', 'hold-review'],
      ['HoldEvaluated', REASON.code],
      ['HoldOverdueForReview', 'hold-review'],
    ]);
    expect(history[1]).toMatchObject({ v: 2, data: { upstream: '2', seen: '3' } });
  });
});
