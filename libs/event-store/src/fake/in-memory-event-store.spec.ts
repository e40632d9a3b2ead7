import { testEventStore } from '../contract/event-store.contract.js';
import { InMemoryEventStore } from './in-memory-event-store.js';

testEventStore('InMemoryEventStore', async () => new InMemoryEventStore());
