import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upstreamSnap, upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import { observation, release } from '#catalog/testing/observations';
import { recordedEvent } from '#fleet/testing/recorded-event';
import { ChangeDesk } from '#test/support/change-desk';
import { byWorker } from '#test/support/decider-specification';

const SNAP_ID = 'id-of-lab-hello';
const hello = (revision: number) => ({ snap: 'lab-hello', channel: 'latest/stable', revision });

let desk: ChangeDesk;
let tested: string;
let rejected: string;

async function applied(ring: string, revision: number): Promise<string> {
  const id = await desk.submit('ana', { ring, items: [hello(revision)] });
  expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
  return id;
}

/** Upstream has 8. Pilot has taken and verified it; production holds 7, and refused 9. */
beforeAll(async () => {
  desk = await ChangeDesk.open({
    olga: ['operator'],
    ana: ['author'],
    ben: ['approver'],
    dan: ['qa'],
  });
  for (const name of ['pilot', 'production']) await desk.post('olga', '/v1/rings', { name });
  const seen = { snapId: SNAP_ID, architectures: ['amd64'] };
  const context = byWorker('sync', { at: desk.control.clock.now() });
  await desk.control.adapters.streams.decideAndAppend(upstreamSnap, upstreamSnapStream(SNAP_ID), {
    type: 'ObserveSnap',
    observation: observation({ ...seen, releases: [release('latest/stable', 8)] }),
    context,
  });
  await applied('production', 7);
  tested = await applied('pilot', 8);
  await desk.act('dan', tested, 'verify', {
    passed: true,
    lookedAt: 'two gateways, per TP-88',
  });
  rejected = await desk.submit('ana', { ring: 'production', items: [hello(9)] });
  await desk.sign('ben', rejected, 'reject');
  const terms = { ring: 'production', snap: 'lab-hello', owner: 'ana', risk: 'not reachable there' };
  await desk.post('dan', '/v1/holds', { ...terms, expiresAt: '2027-01-01' });
  const member = { ring: 'pilot', rule: 'serial lab/box/1', position: '3' };
  await desk.project(
    recordedEvent('dmz-1', {
      at: '2026-11-24T10:00:00.000Z',
      what: 'installed',
      device: { brand: 'lab', model: 'box', serial: '1', proof: 'store' },
      architecture: 'amd64',
      report: 'a'.repeat(64),
      snaps: [{ snapId: SNAP_ID, instance: null, revision: 8, channel: 'latest/stable', cohort: false }],
      left: 0,
      position: '4',
      member,
    }),
  );
});
afterAll(() => desk.close());

const matrix = async (query = '') => (await desk.get('ben', `/v1/update-matrix${query}`)).json;

describe('R37: of each update it is known', () => {
  it('how far it has come in each ring, and where it is not applied, why and with which mitigation', async () => {
    const { rings, updates } = await matrix('?snap=lab-hello');
    expect(rings).toEqual(['default', 'pilot', 'production']);
    const mitigation = 'not reachable there (owner ana, until 2027-01-01T00:00:00.000Z)';
    const held = expect.stringMatching(/^it holds 7 since .* by CR-2026-0001: /) as string;
    expect(updates).toMatchObject([
      {
        revision: 9,
        version: null,
        offered: [],
        cells: [
          { state: 'not-applicable', applicable: false },
          { state: 'not-applied' },
          {
            state: 'not-applied',
            evaluatedIn: [rejected],
            notApplied: {
              reason: expect.stringContaining(`${rejected} was rejected: `) as string,
              mitigation,
            },
          },
        ],
      },
      {
        snap: 'lab-hello',
        snapId: SNAP_ID,
        revision: 8,
        version: '8.0',
        offered: [{ channel: 'latest/stable' }],
        cells: [
          { state: 'not-applicable', notApplied: null },
          { state: 'deployed', devices: 1, approvedIn: [tested], notApplied: null, behindDays: null },
          {
            state: 'tested',
            testedIn: [{ ring: 'pilot', id: tested }],
            notApplied: { reason: held, mitigation },
          },
        ],
      },
      { revision: 7, cells: [{}, {}, { state: 'approved', devices: 0, notApplied: null }] },
    ]);
    expect(await matrix(`?snap=${SNAP_ID}`)).toEqual(await matrix('?snap=lab-hello'));
    expect(await matrix()).toEqual(await matrix('?snap=lab-hello'));
    expect(await matrix('?snap=nothing')).toMatchObject({ updates: [], leftOut: 0 });
  });

  it('for how long a ring holds back, which asks for a review after some days', async () => {
    const production = async (days: number) => {
      const { updates } = await matrix(`?snap=lab-hello&reviewAfterDays=${days}`);
      const lines = updates as readonly { revision: number; cells: readonly object[] }[];
      return lines.find(({ revision }) => revision === 8)?.cells[2];
    };
    expect(await production(30)).toMatchObject({ behindDays: 0, reviewDue: false });
    const later = new Date(Date.parse(desk.control.clock.now()) + 31 * 86_400_000).toISOString();
    await desk.at(later);
    expect(await production(30)).toMatchObject({ behindDays: 31, reviewDue: true });
    expect(await production(60)).toMatchObject({ behindDays: 31, reviewDue: false });
    const wrong = await desk.get('ben', '/v1/update-matrix?reviewAfterDays=0');
    expect(wrong).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
  });

  it('what was taken on and is not applied: in the matrix and in the overdue list, until it is', async () => {
    const tool = { snap: 'lab-tool', channel: 'latest/stable', revision: 4 };
    const id = await desk.submit('ana', { ring: 'pilot', items: [tool] });
    const captured = desk.control.clock.now();
    const cell = async () => {
      const { updates } = await matrix('?snap=lab-tool');
      return (updates as readonly { cells: readonly object[] }[])[0]?.cells[1];
    };
    const overdue = async () => (await desk.get('ben', '/v1/overdue-holds')).json['updates'];
    const after = (ms: number) => new Date(Date.parse(captured) + ms).toISOString();
    const MONTH = 30 * 86_400_000;
    await desk.at(after(MONTH - 1));
    expect(await cell()).toMatchObject({ state: 'evaluated', takenOnDays: 29, reviewDue: false });
    expect(await overdue()).toEqual([]);
    await desk.at(after(MONTH));
    expect(await cell()).toMatchObject({ state: 'evaluated', takenOnDays: 30, reviewDue: true });
    expect(await overdue()).toEqual([
      {
        ring: 'pilot',
        name: 'lab-tool',
        channel: 'latest/stable',
        architecture: 'amd64',
        version: '4',
        changeRequest: id,
        status: 'captured',
        since: captured,
        days: 30,
      },
    ]);
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await cell()).toMatchObject({ state: 'approved', takenOnDays: null, reviewDue: false });
    expect(await overdue()).toEqual([]);
  });

  it('of the newest versions, and of each that a ring holds, however old it is', async () => {
    const newer = Array.from({ length: 26 }, (_, i) => release(`t${i}/stable`, 10 + i));
    await desk.control.adapters.streams.decideAndAppend(upstreamSnap, upstreamSnapStream(SNAP_ID), {
      type: 'ObserveSnap',
      observation: observation({ snapId: SNAP_ID, architectures: ['amd64'], releases: newer }),
      context: byWorker('sync', { at: desk.control.clock.now() }),
    });
    await desk.catchUp();
    const updates = (await matrix('?snap=lab-hello'))['updates'] as readonly { revision: number }[];
    const newest = Array.from({ length: 25 }, (_, i) => 35 - i);
    expect(updates.map(({ revision }) => revision)).toEqual([...newest, 8, 7]);
  });
});
