import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { placeIn } from '#platform/http/page';
import type { PositionedEvent } from '#platform/projection';
import { FilledReadModels } from '#test/support/filled-read-models';
import type { Compared, Differed } from '../../domain/deliveries/record.js';
import {
  ListDifferences,
  ListDifferencesHandler,
  type DifferenceFilter,
  type DifferencePage,
} from '../../queries/list-differences/query.js';
import { recordedEvent } from '../../testing/recorded-event.js';
import { comparisonsProjection } from './projection.js';

let filled: FilledReadModels;

beforeAll(async () => {
  filled = await FilledReadModels.of(comparisonsProjection);
});
afterAll(() => filled?.close());
beforeEach(() => filled.empty());

const at = (hour: number, minute = 0): string =>
  `2026-11-26T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;
const compared = (hour: number, outcome: string, count: number): Compared => ({
  at: at(hour),
  until: at(hour, 1),
  what: 'compared',
  endpoint: 'refresh',
  outcome,
  count,
});
const differed = (hour: number, serial: string | null, more: Partial<Differed> = {}): Differed => ({
  at: at(hour),
  until: at(hour, 1),
  what: 'differed',
  device: serial === null ? null : { brand: 'lab', model: 'box', serial, proof: 'store' },
  endpoint: 'refresh',
  snapId: 'id-1',
  name: 'lab-hello',
  place: 'stable amd64',
  incumbent: 'revision 2',
  ours: 'revision 1',
  why: 'held',
  position: String(hour),
  count: 1,
  ...more,
});

const project = (...events: PositionedEvent[]) => filled.project(...events);
const ask = (filter: Partial<DifferenceFilter> = {}): Promise<DifferencePage> =>
  new ListDifferencesHandler(filled.readModels).execute(new ListDifferences({ limit: 100, ...filter }));

it('adds up what was compared, and what was not', async () => {
  expect(await ask()).toEqual({
    summary: { requests: 0, equal: 0, differing: 0, notCompared: [], firstAt: null, lastAt: null },
    differences: [],
    next: null,
  });
  await project(
    recordedEvent('a', compared(10, 'equal', 5), compared(10, 'equal', 2), compared(10, 'busy', 1)),
    recordedEvent(
      'b',
      compared(11, 'equal', 3),
      compared(11, 'differs', 2),
      compared(12, 'not-comparable', 4),
    ),
  );
  expect((await ask()).summary).toEqual({
    requests: 17,
    equal: 10,
    differing: 2,
    notCompared: [
      { reason: 'not-comparable', count: 4 },
      { reason: 'busy', count: 1 },
    ],
    firstAt: at(10),
    lastAt: at(12, 1),
  });
  expect((await ask({ since: at(11) })).summary).toMatchObject({ requests: 9, equal: 3, firstAt: at(11) });
});

it('is one line for each difference, whoever saw it, with its devices', async () => {
  await project(recordedEvent('a', differed(10, '1', { count: 3 }), differed(10, '2'), differed(9, null)));
  await project(recordedEvent('b', differed(12, '1', { position: '44' })));
  const { differences } = await ask();
  expect(differences).toEqual([
    {
      endpoint: 'refresh',
      snap: 'lab-hello',
      snapId: 'id-1',
      place: 'stable amd64',
      incumbent: 'revision 2',
      ours: 'revision 1',
      why: 'held',
      count: 6,
      devices: 2,
      firstAt: at(9),
      lastAt: at(12, 1),
      position: '44',
    },
  ]);
});

it('gives them by page, by snap, and as far as they were seen since', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  await project(
    recordedEvent('a', ...names.map((name, i) => differed(10 + i, '1', { name, snapId: null, place: null }))),
  );
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const { differences, next } = await ask({ limit: 2, after });
    seen.push(...differences.map(({ snap }) => snap));
    after = next === null ? undefined : placeIn('shadow', next);
  } while (after !== undefined);
  expect(seen).toEqual(names);
  expect((await ask({ snap: 'c' })).differences).toMatchObject([{ snap: 'c', snapId: null, place: null }]);
  expect((await ask({ since: at(13) })).differences.map(({ snap }) => snap)).toEqual(['d', 'e']);
});

it('is the same however the events come together', async () => {
  const events = [
    recordedEvent('a', differed(12, '1', { position: '9' }), compared(12, 'equal', 1)),
    recordedEvent('a', differed(10, '1'), differed(11, '2'), compared(10, 'equal', 2)),
    recordedEvent('a', differed(11, '1'), compared(12, 'equal', 4)),
  ];
  await project(...events);
  const together = await ask();
  await filled.empty();
  for (const each of events) await project(each);
  expect(await ask()).toEqual(together);
  expect(together.differences).toMatchObject([{ count: 4, position: '9', lastAt: at(12, 1) }]);
});
