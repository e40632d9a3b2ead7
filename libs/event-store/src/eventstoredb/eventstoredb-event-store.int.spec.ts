import { afterAll, beforeAll, describe } from 'vitest';
import { testEventStore } from '../contract/event-store.contract.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { InProcessEventStoreDb } from './testing/in-process-eventstoredb.js';

describe('on a server in this process', () => {
  let server: InProcessEventStoreDb;
  beforeAll(async () => {
    server = await InProcessEventStoreDb.started();
  });
  afterAll(() => server.stop());

  testEventStore('EventStoreDbEventStore', async () => new EventStoreDbEventStore(server.url));

  testEventStore('EventStoreDbEventStore whose subscription is dropped all the time', async () => {
    const deaf = await InProcessEventStoreDb.started();
    const dropping = setInterval(() => deaf.dropSubscriptions(), 20);
    const store = new EventStoreDbEventStore(deaf.url, { pollMs: 20 });
    const close = store.close.bind(store);
    store.close = async () => {
      clearInterval(dropping);
      await close();
      deaf.stop();
    };
    return store;
  });
});

// A real server, which must hold nothing but what this suite writes. Registered only where there is one.
const real = process.env['EVENTSTORE_URL'];
if (real !== undefined)
  testEventStore(
    'EventStoreDbEventStore on the server of EVENTSTORE_URL',
    async () => new EventStoreDbEventStore(real),
  );
