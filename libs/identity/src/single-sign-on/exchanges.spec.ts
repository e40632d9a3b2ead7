import { expect, it } from 'vitest';
import { Exchanges, MOST_AT_ONCE } from './exchanges.js';

const NOW = '2026-11-24T08:00:00.000Z';
const done = () => Promise.resolve('done');

it('R24: has the provider asked once for each request, whatever comes of it', async () => {
  const exchanges = new Exchanges();
  await expect(exchanges.once('one', NOW, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  await expect(exchanges.once('one', NOW, done)).rejects.toMatchObject({ fault: 'answer-not-valid' });
  await expect(exchanges.once('two', NOW, done)).resolves.toBe('done');
});

it('forgets a request that is not good any more', async () => {
  const exchanges = new Exchanges();
  await exchanges.once('one', NOW, done);
  await exchanges.once('two', '2026-11-24T08:05:00.000Z', done);
  await expect(exchanges.once('one', NOW, done)).resolves.toBe('done');
});

it('R24: has so many under way, and refuses more until one is over', async () => {
  const exchanges = new Exchanges();
  const { promise, resolve } = Promise.withResolvers<string>();
  const underWay = Array.from({ length: MOST_AT_ONCE }, (_, i) => exchanges.once(`${i}`, NOW, () => promise));
  await expect(exchanges.once('more', NOW, done)).rejects.toMatchObject({ code: 'overloaded' });
  resolve('done');
  await Promise.all(underWay);
  await expect(exchanges.once('more', NOW, done)).resolves.toBe('done');
});
