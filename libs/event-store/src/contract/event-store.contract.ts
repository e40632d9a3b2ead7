import { afterAll, beforeAll, describe } from 'vitest';
import type { EventStore } from '../port.js';
import { promisesOfAppend } from './append.contract.js';
import { promisesOfReading } from './reading.contract.js';
import { promisesOfSubscriptions } from './subscription.contract.js';

/**
 * What port.ts promises, as a suite that every adapter passes. `makeStore` gives a store that nobody else writes to; it need not be empty.
 * The suite closes it.
 */
export function testEventStore(name: string, makeStore: () => Promise<EventStore>): void {
  describe(`${name} as an EventStore`, () => {
    let made: EventStore | undefined;
    const store = (): EventStore => {
      if (!made) throw new Error('the store is made in beforeAll');
      return made;
    };
    beforeAll(async () => {
      made = await makeStore();
    });
    afterAll(() => made?.close());

    describe('append', () => {
      promisesOfAppend(store);
    });
    describe('reading', () => {
      promisesOfReading(store);
    });
    describe('subscribeAll', () => {
      promisesOfSubscriptions(store);
    });
  });
}
