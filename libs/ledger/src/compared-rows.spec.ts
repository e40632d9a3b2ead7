import { describe, expect, it } from 'vitest';
import { encodeEvent, type EventEnvelope } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import { ComparedRows, type DatabaseRow, type Difference } from './compared-rows.js';

const { at, actor, authorisedBy, reason, cause, correlation } = byPerson('Ana', ['author']);
/** The second of an append of two. */
const event: EventEnvelope = {
  id: '0198c0de-0000-7000-8000-000000000001',
  type: 'Added',
  v: 1,
  stream: 'sum/1',
  streamRevision: '4',
  part: [2, 2],
  at,
  zone: 'Etc/UTC',
  offset: '+00:00',
  actor,
  authorisedBy,
  reason,
  cause,
  correlation,
  data: { amount: 1 },
};
const sealed = encodeEvent(event);
const POSITION = 8n;
const place = { stream: 'sum/1', streamRevision: '4', id: event.id, type: 'Added', appendFirst: '7' };

async function differences(row: Omit<DatabaseRow, 'position'>, entry = sealed): Promise<Difference[]> {
  async function* rows(): AsyncIterable<DatabaseRow> {
    yield { position: POSITION, ...row };
  }
  const found: Difference[] = [];
  const compared = new ComparedRows(rows(), (difference) => found.push(difference));
  await compared.compare(POSITION, entry);
  await compared.rest(POSITION + 1n);
  return found;
}

describe('R30: a row of the database', () => {
  it('is in order where it has the bytes that were sealed, in the place that they name', async () => {
    expect(await differences({ bytes: sealed, foundBy: place })).toEqual([]);
    expect(await differences({ bytes: sealed })).toEqual([]);
  });

  it.each([
    { stream: 'attic' },
    { streamRevision: '5' },
    { id: '0198c0de-0000-7000-8000-000000000002' },
    { type: 'Removed' },
    { appendFirst: '8' },
  ])('differs although its bytes are whole where it stands under %j', async (moved) => {
    expect(await differences({ bytes: sealed, foundBy: { ...place, ...moved } })).toEqual([
      { position: POSITION, kind: 'differs' },
    ]);
  });

  it('is not asked where it belongs if what was sealed is no event', async () => {
    const bytes = Buffer.from('{}');
    expect(await differences({ bytes, foundBy: place }, bytes)).toEqual([]);
  });
});
