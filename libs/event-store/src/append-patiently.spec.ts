import { expect, it } from 'vitest';
import { appendPatiently } from './append-patiently.js';
import { EventStoreError, type Appended, type EventStoreErrorCode } from './port.js';

const APPENDED: Appended = { cursor: '7', lastRevision: 3n };

/** A store that answers so, one after another. */
function answers(...outcomes: readonly (EventStoreErrorCode | 'appended')[]): Promise<Appended> {
  const left = [...outcomes];
  return appendPatiently(async () => {
    const next = left.shift() ?? 'malformed-cursor';
    if (next === 'appended') return APPENDED;
    throw new EventStoreError(next, next);
  }, 0);
}

it.each([
  [['appended']],
  [['unavailable', 'appended']],
  [['outcome-unknown', 'unavailable', 'appended']],
] as const)('answers %j with what the store said in the end', async (outcomes) => {
  expect(await answers(...outcomes)).toEqual(APPENDED);
});

it.each([
  ['unavailable', ['unavailable', 'unavailable', 'unavailable', 'appended']],
  ['outcome-unknown', ['outcome-unknown', 'unavailable', 'unavailable', 'appended']],
  ['wrong-expected-revision', ['outcome-unknown', 'wrong-expected-revision', 'appended']],
  ['fenced-out', ['fenced-out', 'appended']],
] as const)('ends as %s after %j', async (code, outcomes) => {
  await expect(answers(...outcomes)).rejects.toMatchObject({ code });
});
