// A double of EventStoreDB on a machine of its own. Argument: address.
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { publish } from './publish.js';

const [address = ''] = process.argv.slice(2);
const server = await InProcessEventStoreDb.started();
await publish(address, 2113, server.address.port);
process.stdout.write('listens\n');
